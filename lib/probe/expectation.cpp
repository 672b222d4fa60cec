#include "probe/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "deploy/error.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy::probe {

namespace {
constexpr std::size_t kShownBytes = 200;

// The polynomial matcher of libstdc++ does not recurse over the text: neither a long line nor a nested repetition can
// exhaust the stack or the time. It has no back-references.
#ifdef __GLIBCXX__
constexpr auto kSyntax = std::regex::ECMAScript | std::regex::multiline | std::regex::nosubs | std::regex_constants::__polynomial;
#else
constexpr auto kSyntax = std::regex::ECMAScript | std::regex::multiline | std::regex::nosubs;
#endif

bool is_regex(const std::string& text) { return text.size() >= 2 && text.front() == '/' && text.back() == '/'; }

bool matches(const std::string& pattern, const std::string& body) {
  try {
    const std::regex alone(pattern, kSyntax);  // "a)(b" must not become well-formed by what is put around it
    // A search begins anew at each character, which is quadratic; matching the whole body walks it once.
    const std::regex within("[\\s\\S]*(?:" + pattern + ")[\\s\\S]*", kSyntax);
    return std::regex_match(body.substr(0, kRegexBodyLimit), within);
  } catch (const std::regex_error& error) {
    throw Error(ErrorCode::invalid_argument, "probe",
                fmt::format("the expected body /{}/ is no usable regular expression (ECMAScript without back-references): {}", pattern, error.what()));
  }
}

std::optional<std::string> status_mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (std::find(check.status.begin(), check.status.end(), status) != check.status.end()) return std::nullopt;
  std::string expected;
  for (const int one : check.status) expected += (expected.empty() ? "" : " or ") + std::to_string(one);
  return fmt::format("{}, expected {}: {}", status, expected, one_line(body, kShownBytes));
}

std::optional<std::string> body_mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (!check.body) return std::nullopt;
  const std::string& wanted = *check.body;
  const bool found = is_regex(wanted) ? matches(wanted.substr(1, wanted.size() - 2), body) : body.find(wanted) != std::string::npos;
  if (found) return std::nullopt;
  return fmt::format("{}, but the body has no {}: {}", status, is_regex(wanted) ? "match of " + wanted : "'" + wanted + "'", one_line(body, kShownBytes));
}

json::Document parse_expected(const JsonExpectation& expectation) {
  try {
    return json::parse(expectation.equals, "the expected value");
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, "probe", fmt::format("the value expected at {}: {}", expectation.pointer, error.what()));
  }
}

std::optional<std::string> value_mismatch(const json::Value& root, const JsonExpectation& expectation, int status) {
  const json::Document wanted = parse_expected(expectation);
  const json::Value* found = json::at(root, expectation.pointer);
  if (found == nullptr) return fmt::format("{}, but the JSON has nothing at '{}', expected {}", status, expectation.pointer, expectation.equals);
  if (json::equal(*found, wanted)) return std::nullopt;
  return fmt::format("{}, but the JSON has {} at '{}', expected {}", status, one_line(json::dump(*found), kShownBytes), expectation.pointer, expectation.equals);
}

std::optional<json::Document> parse_body(const std::string& body, std::string& why) {
  try {
    return json::parse(body, "the body");
  } catch (const Error& error) {
    why = error.what();
    return std::nullopt;
  }
}

std::optional<std::string> json_mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (check.json.empty()) return std::nullopt;
  std::string why;
  const auto root = parse_body(body, why);
  if (!root) return fmt::format("{}, but {}: {}", status, why, one_line(body, kShownBytes));
  for (const JsonExpectation& expectation : check.json)
    if (auto found = value_mismatch(*root, expectation, status)) return found;
  return std::nullopt;
}
}  // namespace

std::optional<std::string> mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (auto found = status_mismatch(check, status, body)) return found;
  if (auto found = body_mismatch(check, status, body)) return found;
  return json_mismatch(check, status, body);
}

}  // namespace deploy::probe
