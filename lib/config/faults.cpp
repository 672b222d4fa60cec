#include "config/faults.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy::config {

namespace {
struct Placed {
  std::size_t offset = 0;
  std::string pointer, message;
};

/// The value itself, or the nearest thing around it that stands in the text (a missing key has no place of its own).
std::size_t offset_of(const Fault& fault, const json::Annotated& annotated) {
  std::string_view pointer = fault.pointer;
  while (true) {
    if (const auto spot = annotated.spots.find(pointer); spot != annotated.spots.end())
      return fault.at_key && pointer == fault.pointer ? spot->second.key : spot->second.value;
    if (pointer.empty()) return 0;
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

std::vector<Placed> in_order_of_text(const Faults& faults, const json::Annotated& annotated) {
  std::vector<Placed> out;
  for (const json::TextFault& fault : annotated.faults) out.push_back({fault.offset, fault.pointer, fault.message});
  for (const Fault& fault : faults.list()) out.push_back({offset_of(fault, annotated), fault.pointer, fault.message});
  std::stable_sort(out.begin(), out.end(), [](const Placed& a, const Placed& b) { return a.offset < b.offset; });
  const auto same = [](const Placed& a, const Placed& b) { return a.pointer == b.pointer && a.message == b.message; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

/// Keys are the file's own: they may hold line breaks, or go on for pages.
std::string shown(const std::string& pointer) {
  constexpr std::size_t kLongest = 200;
  const bool plain = pointer.size() <= kLongest && text::is_utf8(pointer) && text::all_of(pointer, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
  return pointer.empty() ? "(top level)" : plain ? pointer : text::quoted(pointer);
}
}  // namespace

bool Faults::mentions(std::string_view pointer) const noexcept {
  return std::any_of(list_.begin(), list_.end(), [&](const Fault& fault) { return fault.pointer == pointer; });
}

void throw_if_any(const Faults& faults, const json::Annotated& annotated, std::string_view text, std::string_view file) {
  const std::vector<Placed> placed = in_order_of_text(faults, annotated);
  if (placed.empty()) return;
  std::string message;
  for (const Placed& fault : placed) {
    const json::Place place = json::place_of(text, fault.offset);
    message += fmt::format("{}{}:{}:{}: {}: {}", message.empty() ? "" : "\n", file, place.line, place.column,
                           shown(fault.pointer), fault.message);
  }
  if (faults.list().size() >= kMostFaults) message += "\n(the rest was not read)";
  const json::Place first = json::place_of(text, placed.front().offset);
  throw Error(ErrorCode::invalid_config, "config", message,
              {{"file", std::string(file)}, {"line", std::to_string(first.line)}, {"column", std::to_string(first.column)},
               {"pointer", placed.front().pointer}, {"faults", std::to_string(placed.size())}});
}

}  // namespace deploy::config
