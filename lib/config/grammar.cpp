#include "config/grammar.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "deploy/container.hpp"
#include "model/body_pattern.hpp"
#include "model/text.hpp"

namespace deploy::config {

namespace {
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  out.push_back(text);
  return out;
}

bool is_printable_ascii(char c) { return c > 0x20 && c < 0x7f; }

// RFC 9110, 5.6.2: what a header's name is made of.
bool is_token_char(char c) { return text::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos; }

constexpr std::array<std::string_view, 12> kMountOptions = {"ro", "rw", "z", "Z", "nocopy", "shared", "rshared", "slave", "rslave", "private", "rprivate", "consistent"};
}  // namespace

std::string volume_complaint(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return "expected source:target[:ro]";
  if (!parts[0].starts_with('/') && !is_valid_container_name(parts[0]))
    return "the source " + text::quoted(parts[0]) + " is neither an absolute path on the host nor the name of a volume";
  if (!parts[1].starts_with('/') || parts[1] == "/") return "the target " + text::quoted(parts[1]) + " is not an absolute path in the container";
  if (parts.size() == 3)
    for (const std::string_view option : split(parts[2], ','))
      if (std::find(kMountOptions.begin(), kMountOptions.end(), option) == kMountOptions.end()) return "the option " + text::quoted(option) + " is not known; expected ro or rw";
  return "";
}

std::string_view volume_target(std::string_view text) {
  const auto parts = split(text, ':');
  return parts.size() > 1 ? parts[1] : std::string_view();
}

std::string restart_complaint(std::string_view text) {
  constexpr std::string_view kOnFailure = "on-failure";
  if (text == "no" || text == "always" || text == "unless-stopped" || text == kOnFailure) return "";
  if (text.starts_with("on-failure:") && text::number(text.substr(kOnFailure.size() + 1)).value_or(0) > 0 && text.size() < 20) return "";
  return "expected no, always, unless-stopped or on-failure[:N]";
}

std::string pointer_complaint(std::string_view text) {
  if (!text.empty() && !text.starts_with('/')) return "expected a JSON pointer, which begins with '/', such as \"/status\"";
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return "'~' is written ~0 in a JSON pointer, '/' in a key ~1";
  return "";
}

std::string request_path_complaint(std::string_view text) {
  if (!text.starts_with('/')) return "expected a path that begins with '/', such as \"/health\"";
  if (!text::all_of(text, is_printable_ascii)) return "a path holds no blanks, control characters or non-ASCII letters; write them as %20 and so on";
  return text.find('#') == std::string_view::npos ? "" : "a fragment ('#') is never sent to a server";
}

std::string header_complaint(std::string_view name, std::string_view value) {
  if (name.empty() || !text::all_of(name, is_token_char)) return "not a header's name";
  const bool plain = text::all_of(value, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
  return plain ? "" : "a header's value holds no line breaks or control characters";
}

std::string body_complaint(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('/') || !text.ends_with('/')) return "";
  const std::string complaint = body_pattern_complaint(text.substr(1, text.size() - 2));
  return complaint.empty() ? "" : "not a regular expression (ECMAScript without back-references): " + complaint;
}

bool is_valid_git_tag(std::string_view name) {
  if (name.empty() || name.starts_with('-') || name == "@" || name.ends_with('.') || name.ends_with('/')) return false;
  if (name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos) return false;
  const auto allowed = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && std::string_view("~^:?*[\\").find(c) == std::string_view::npos; };
  if (!text::all_of(name, allowed)) return false;
  const auto parts = split(name, '/');
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return !part.empty() && !part.starts_with('.') && !part.ends_with(".lock"); });
}

}  // namespace deploy::config
