#include "promotion/decision_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
constexpr std::size_t kMaxText = 64 * 1024;

[[noreturn]] void wrong(int line, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("line {} of the signed text {}; it has to be the text that '--draft' prints, byte for byte", line, why));
}

/// Takes the text apart, line by line.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::string_view next() {
    ++number_;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) wrong(number_, rest_.empty() ? "is missing" : "has no line end");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (line.find('\r') != std::string_view::npos) wrong(number_, "ends with CR LF");
    return line;
  }
  std::string value(std::string_view name) {
    const std::string_view line = next();
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(": ")) wrong(number_, fmt::format("does not begin with '{}: '", name));
    return std::string(line.substr(name.size() + 2));
  }
  /// The value through `parse`, whose Error is told by line.
  template <class Parse>
  auto parsed(std::string_view name, Parse parse) {
    const std::string text = value(name);
    try {
      return parse(text);
    } catch (const Error& error) {
      wrong(number_, fmt::format("makes no sense: {}", error.what()));
    }
  }
  void end() const {
    if (!rest_.empty()) wrong(number_ + 1, "is one too many");
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

const std::string& plain(const std::string& value) {
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("'{}' has a control character in it and cannot stand in a signed text", one_line(value, 200)));
  return value;
}

std::string replaced(const std::optional<LiveVersion>& live) { return live ? fmt::format("{} {}", plain(live->version), plain(live->digest)) : "nothing"; }

std::optional<LiveVersion> parse_replaced(const std::string& text) {
  if (text == "nothing") return std::nullopt;
  const std::size_t blank = text.find(' ');
  if (blank == std::string::npos) throw Error(ErrorCode::invalid_argument, "promotion", "a version and a digest are expected, or 'nothing'");
  return LiveVersion{text.substr(0, blank), text.substr(blank + 1)};
}

std::optional<TimePoint> parse_expiry(const std::string& text) { return text == "never" ? std::nullopt : std::optional(parse_rfc3339(text)); }

bool parse_granted(const std::string& text) {
  if (text != "approve" && text != "deny") throw Error(ErrorCode::invalid_argument, "promotion", "'approve' or 'deny' is expected");
  return text == "approve";
}

std::string parse_comment(const std::string& text) {
  const json::Document list = json::parse("[" + text + "]", "the comment");
  if (!list.IsArray() || list.Size() != 1 || !list[0].IsString()) throw Error(ErrorCode::invalid_argument, "promotion", "a text in quotes is expected");
  return std::string(json::view(list[0]));
}

std::string same(const std::string& text) { return text; }
}  // namespace

std::string decision_text(const Decision& d) {
  return fmt::format(
      "{}\ndecision: {}\napplication: {}\nenvironment: {}\nversion: {}\ndigest: {}\nreplaces: {}\npolicy: {}\ncreator: {}\napprover: {}\nissued: {}\nexpires: {}\nnonce: {}\ncomment: {}\n",
      kDecisionHeader, d.granted ? "approve" : "deny", plain(d.application), plain(d.environment), plain(d.version), plain(d.digest), replaced(d.replaces), plain(d.policy_hash),
      plain(d.creator), plain(d.approver), to_rfc3339(d.issued), d.expires ? to_rfc3339(*d.expires) : "never", plain(d.nonce), json::quote(d.comment));
}

Decision parse_decision_text(std::string_view text) {
  if (text.size() > kMaxText) throw Error(ErrorCode::invalid_argument, "promotion", "the signed text is longer than any");
  Lines lines(text);
  if (lines.next() != kDecisionHeader) wrong(1, fmt::format("is not '{}'", kDecisionHeader));
  Decision d;
  d.granted = lines.parsed("decision", parse_granted);
  d.application = lines.parsed("application", same);
  d.environment = lines.parsed("environment", same);
  d.version = lines.parsed("version", same);
  d.digest = lines.parsed("digest", same);
  d.replaces = lines.parsed("replaces", parse_replaced);
  d.policy_hash = lines.parsed("policy", same);
  d.creator = lines.parsed("creator", same);
  d.approver = lines.parsed("approver", same);
  d.issued = lines.parsed("issued", parse_rfc3339);
  d.expires = lines.parsed("expires", parse_expiry);
  d.nonce = lines.parsed("nonce", same);
  d.comment = lines.parsed("comment", parse_comment);
  lines.end();
  d.text = text;
  if (decision_text(d) != text) throw Error(ErrorCode::invalid_argument, "promotion", "the signed text is not written as '--draft' prints it (times, spaces or quotes differ)");
  return d;
}

}  // namespace deploy
