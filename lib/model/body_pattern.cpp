#include "model/body_pattern.hpp"

#include <regex>

#include "model/text.hpp"

namespace deploy {

namespace {
// The polynomial matcher of libstdc++ does not recurse over the text: neither a long line nor a nested repetition can
// exhaust the stack or the time. It has no back-references.
#ifdef __GLIBCXX__
constexpr auto kSyntax = std::regex::ECMAScript | std::regex::multiline | std::regex::nosubs | std::regex_constants::__polynomial;
#else
constexpr auto kSyntax = std::regex::ECMAScript | std::regex::multiline | std::regex::nosubs;
#endif

/// The larger number of "{n}", "{n,}" or "{n,m}" at the front, 1 when there is none.
std::size_t repetition(std::string_view text) {
  const std::size_t end = text.find('}');
  if (!text.starts_with('{') || end == std::string_view::npos) return 1;
  const std::string_view inside = text.substr(1, end - 1);
  const std::size_t comma = inside.find(',');
  const std::size_t least = text::number(inside.substr(0, comma)).value_or(1);
  const std::size_t most = comma == std::string_view::npos ? least : text::number(inside.substr(comma + 1)).value_or(least);
  return std::max<std::size_t>(1, std::max(least, most));
}

/// An upper bound of the length with every repetition written out, as if each stood around all others.
bool is_too_long(std::string_view pattern) {
  std::size_t factor = 1;
  for (std::size_t at = pattern.find('{'); at != std::string_view::npos && factor <= kLongestBodyPattern; at = pattern.find('{', at + 1))
    factor *= std::min(repetition(pattern.substr(at)), kLongestBodyPattern + 1);
  return pattern.size() > kLongestBodyPattern || pattern.size() * factor > kLongestBodyPattern;
}
}  // namespace

std::string body_pattern_complaint(std::string_view pattern) {
  if (is_too_long(pattern)) return "it is longer than " + std::to_string(kLongestBodyPattern) + " characters with its {repetitions} written out";
  try {
    const std::regex compiled(pattern.begin(), pattern.end(), kSyntax);  // "a)(b" must not become well-formed by what is put around it
    return "";
  } catch (const std::regex_error& error) {
    return error.what();
  }
}

bool body_matches(std::string_view pattern, std::string_view body) {
  // A search begins anew at each character, which is quadratic; matching the whole body walks it once.
  const std::regex within("[\\s\\S]*(?:" + std::string(pattern) + ")[\\s\\S]*", kSyntax);
  return std::regex_match(body.begin(), body.end(), within);
}

}  // namespace deploy
