#include "docker/dockerignore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "deploy/error.hpp"

namespace deploy::docker {

namespace {
std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// `./a//b/` is `a/b`, `/a` is `a`, `a/../b` is `b`.
std::string clean(std::string_view pattern) {
  std::string out = std::filesystem::path(std::string("/").append(pattern)).lexically_normal().string();
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  out.erase(0, out.find_first_not_of('/') == std::string::npos ? out.size() : out.find_first_not_of('/'));
  return out;
}

// Of an inclusion `a/b/**`, what stands before a trailing wild card is plain text more often than not.
std::string_view without_trailing_glob(std::string_view pattern) {
  for (const std::string_view tail : {"/**", "/*"})
    if (pattern.ends_with(tail)) pattern.remove_suffix(tail.size());
  return pattern;
}

bool is_within(std::string_view path, std::string_view folder) { return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/'); }
}  // namespace

DockerIgnore DockerIgnore::parse(std::string_view text, const std::string& file) {
  DockerIgnore out;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    std::string_view line = trim(whole);
    if (whole.starts_with('#') || line.empty()) continue;
    const bool includes = line.front() == '!';
    if (includes) line = trim(line.substr(1));
    try {
      if (line.empty()) throw Error(ErrorCode::invalid_argument, "build", "a '!' without a pattern");
      const std::string pattern = clean(line);
      out.rules_.push_back({pattern, Glob(pattern), includes});
    } catch (const Error& error) {
      throw Error(error.code(), error.area(), fmt::format("{}, line {}: {}", file, number, error.what()), {{"file", file}, {"line", std::to_string(number)}});
    }
  }
  return out;
}

// A rule that could not change the verdict is not tried, and then counts as not matching below either: that is how
// Docker's own client decides.
DockerIgnore::Verdict DockerIgnore::decide(std::string_view path, const Matched& parent) const {
  Verdict out{.excluded = false, .matched = Matched(rules_.size(), false)};
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const bool inherited = i < parent.size() && parent[i];
    const bool matters = rules_[i].includes == out.excluded;
    if (!inherited && (!matters || !rules_[i].glob.matches(path))) continue;
    out.matched[i] = true;
    out.excluded = !rules_[i].includes;
  }
  return out;
}

bool DockerIgnore::excludes(std::string_view path) const {
  Verdict verdict;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    verdict = decide(path.substr(0, slash), verdict.matched);
  return decide(path, verdict.matched).excluded;
}

bool DockerIgnore::may_include_below(std::string_view folder) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    if (!rule.includes) return false;
    const bool plain = without_trailing_glob(rule.pattern).find_first_of("*[]?^\\") == std::string_view::npos;
    return !plain || is_within(rule.pattern, folder);
  });
}

}  // namespace deploy::docker
