#include "deploy/config.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>
#include <system_error>

#include "config/explain.hpp"
#include "config/read.hpp"
#include "deploy/error.hpp"
#include "model/text.hpp"
#include "config/json_annotated.hpp"
#include "support/json_schema.hpp"

namespace deploy {

namespace {
using config::Faults;

constexpr std::string_view kTextName = "configuration";  // stands for the file's name when there is none

[[noreturn]] void cannot_read(const std::string& path, int code) {
  throw Error(ErrorCode::io, "config", fmt::format("cannot read the configuration {}: {}{}", path, std::generic_category().message(code),
                                                   code == ENOENT ? "; deployctl init writes one" : ""),
              {{"file", path}});
}

// One byte more than is allowed is enough to know that it is too much; a FIFO or /dev/zero must not fill the memory.
std::string read_file(const std::string& path) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) cannot_read(path, EISDIR);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (!file) cannot_read(path, errno);
  std::string text(json::kLongestText + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) cannot_read(path, EIO);
  return text;
}

/// From the root. What the system calls a lack of memory is one.
std::filesystem::path absolute(const std::filesystem::path& path) {
  std::error_code refused;
  const std::filesystem::path found = std::filesystem::absolute(path, refused);
  if (refused == std::errc::not_enough_memory) throw std::bad_alloc();
  if (refused) throw Error(ErrorCode::io, "config", fmt::format("cannot find out what folder this is: {}", refused.message()));
  return found.lexically_normal();
}

/// Some editors begin UTF-8 with a byte order mark; it means nothing.
std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

/// The schema's word is final: what it refuses is refused, even where neither explain() nor the reader found words for it.
void note_violation(const json::Annotated& annotated, const json::Document& schema, Faults& faults) {
  if (!faults.empty()) return;
  if (const auto violation = json::validate(annotated.document, schema))
    faults.add(violation->pointer, fmt::format("this does not conform to the schema (keyword \"{}\")", violation->keyword));
}

Config parse_text(std::string_view text, const std::string& directory, std::string_view file) {
  text = without_mark(text);
  const json::Annotated annotated = json::parse_annotated(text);
  Faults faults;
  if (!annotated.complete) config::throw_if_any(faults, annotated, text, file);
  const json::Document schema = json::parse(config_schema(), "the configuration's schema");
  Config out;
  try {
    config::explain(annotated.document, schema, faults);
    out = config::read_config(config::Node(&annotated.document, "", directory, faults));
    note_violation(annotated, schema, faults);
  } catch (const config::TooManyFaults&) {  // what was found so far is told
  }
  config::throw_if_any(faults, annotated, text, file);
  return out;
}
}  // namespace

Config Config::parse(std::string_view text, const std::string& directory) {
  return parse_text(text, absolute(directory.empty() ? "." : directory).string(), kTextName);
}

Config Config::load(const std::string& path) {
  const std::string text = read_file(path);
  const std::filesystem::path file = absolute(path);
  Config out = parse_text(text, file.parent_path().string(), path);
  out.file = file.string();
  return out;
}

const Environment* Config::find_environment(std::string_view name) const noexcept {
  for (const Environment& environment : environments)
    if (environment.name == name) return &environment;
  return nullptr;
}

const Environment& Config::environment(std::string_view name) const {
  if (const Environment* found = find_environment(name)) return *found;
  std::vector<std::string> known;
  for (const Environment& environment : environments) known.push_back(environment.name);
  throw Error(ErrorCode::not_found, "config",
              fmt::format("there is no environment {} (known: {}){}", text::quoted(name), config::listed(known), config::suggestion(name, known)));
}

}  // namespace deploy
