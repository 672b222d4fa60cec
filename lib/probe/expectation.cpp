#include "probe/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "model/body_pattern.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy::probe {

namespace {
constexpr std::size_t kShownAnswerBytes = 200;

std::string shown(std::string_view text) { return one_line(text, kShownAnswerBytes); }

bool is_regex(const std::string& text) { return text.size() >= 2 && text.front() == '/' && text.back() == '/'; }

bool matches(const std::string& pattern, const std::string& body) {
  if (const std::string complaint = body_pattern_complaint(pattern); !complaint.empty())
    throw Error(ErrorCode::invalid_argument, "probe",
                fmt::format("the expected body /{}/ is no usable regular expression (ECMAScript without back-references): {}", shown(pattern), complaint));
  return body_matches(pattern, std::string_view(body).substr(0, kRegexBodyLimit));
}

std::optional<std::string> status_mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (std::find(check.status.begin(), check.status.end(), status) != check.status.end()) return std::nullopt;
  std::string expected;
  for (const int one : check.status) expected += (expected.empty() ? "" : " or ") + std::to_string(one);
  return fmt::format("{}, expected {}: {}", status, expected, shown(body));
}

std::optional<std::string> body_mismatch(const HttpCheck& check, int status, const std::string& body) {
  if (!check.body) return std::nullopt;
  const std::string& wanted = *check.body;
  const bool found = is_regex(wanted) ? matches(wanted.substr(1, wanted.size() - 2), body) : body.find(wanted) != std::string::npos;
  if (found) return std::nullopt;
  return fmt::format("{}, but the body has no {}: {}", status, is_regex(wanted) ? "match of " + shown(wanted) : "'" + shown(wanted) + "'", shown(body));
}

json::Document parse_expected(const JsonExpectation& expectation) {
  try {
    return json::parse(expectation.equals, "the expected value");
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, "probe", fmt::format("the value expected at {}: {}", shown(expectation.pointer), error.what()));
  }
}

std::optional<std::string> value_mismatch(const json::Value& root, const JsonExpectation& expectation, int status) {
  const json::Document wanted = parse_expected(expectation);
  const json::Value* found = json::at(root, expectation.pointer);
  if (found == nullptr) return fmt::format("{}, but the JSON has nothing at '{}', expected {}", status, shown(expectation.pointer), shown(expectation.equals));
  if (json::equal(*found, wanted)) return std::nullopt;
  return fmt::format("{}, but the JSON has {} at '{}', expected {}", status, shown(json::dump(*found)), shown(expectation.pointer), shown(expectation.equals));
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
  if (!root) return fmt::format("{}, but {}: {}", status, why, shown(body));
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
