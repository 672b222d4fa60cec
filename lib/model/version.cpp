// SemVer 2.0.0. Source: semver.org, sections 2, 9, 10 and 11.
#include "deploy/error.hpp"
#include "deploy/tag.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
bool is_identifier_char(char c) { return text::is_alnum(c) || c == '-'; }
bool is_numeric(std::string_view identifier) { return text::all_of(identifier, text::is_digit); }

/// Splits at dots; an empty text gives one empty part, which the checks refuse.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

struct Text {
  std::string_view core;
  std::optional<std::string_view> prerelease, build;
};

Text cut(std::string_view text) {
  Text out{text, std::nullopt, std::nullopt};
  if (const std::size_t plus = out.core.find('+'); plus != std::string_view::npos) {
    out.build = out.core.substr(plus + 1);
    out.core = out.core.substr(0, plus);
  }
  if (const std::size_t dash = out.core.find('-'); dash != std::string_view::npos) {
    out.prerelease = out.core.substr(dash + 1);
    out.core = out.core.substr(0, dash);
  }
  return out;
}

/// What is wrong, "" for nothing.
std::string number_complaint(std::string_view part) {
  if (part.empty() || !is_numeric(part)) return text::quoted(part) + " is not a number";
  if (part.size() > 1 && part.front() == '0') return text::quoted(part) + " has a leading zero";
  if (!text::number(part)) return text::quoted(part) + " is larger than 64 bits can hold";
  return "";
}

std::string identifiers_complaint(std::string_view identifiers, std::string_view what, bool leading_zeros) {
  for (const std::string_view part : split(identifiers)) {
    if (part.empty()) return "the " + std::string(what) + " has an empty identifier";
    for (const char c : part)
      if (!is_identifier_char(c)) return "the " + std::string(what) + " cannot hold " + text::quoted(c);
    if (!leading_zeros && is_numeric(part) && part.size() > 1 && part.front() == '0')
      return "the " + std::string(what) + "'s number " + text::quoted(part) + " has a leading zero";
  }
  return "";
}

std::string complaint(std::string_view text) {
  if (text.size() > 1 && text::lower(text.front()) == 'v' && text::is_digit(text[1])) return "leave the 'v' away";
  const Text cut_text = cut(text);
  const auto core = split(cut_text.core);
  if (core.size() != 3) return "it has " + std::to_string(core.size()) + (core.size() == 1 ? " number" : " numbers") + " where three are expected";
  for (const std::string_view part : core)
    if (std::string why = number_complaint(part); !why.empty()) return why;
  if (cut_text.prerelease)
    if (std::string why = identifiers_complaint(*cut_text.prerelease, "pre-release", false); !why.empty()) return why;
  return cut_text.build ? identifiers_complaint(*cut_text.build, "build metadata", true) : "";
}

// Section 11.4: numbers below words, numbers by value (their length decides, as they have no leading zeros), words by ASCII.
std::weak_ordering compare_identifiers(const std::string& a, const std::string& b) {
  const bool a_number = is_numeric(a), b_number = is_numeric(b);
  if (a_number != b_number) return a_number ? std::weak_ordering::less : std::weak_ordering::greater;
  if (a_number && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::weak_ordering compare_prereleases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() != b.empty()) return a.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (const auto order = compare_identifiers(a[i], b[i]); order != 0) return order;
  return a.size() <=> b.size();
}
}  // namespace

std::optional<Version> Version::try_parse(std::string_view text) {
  if (!complaint(text).empty()) return std::nullopt;
  const Text cut_text = cut(text);
  const auto core = split(cut_text.core);
  Version out;
  out.major_ = *text::number(core[0]);
  out.minor_ = *text::number(core[1]);
  out.patch_ = *text::number(core[2]);
  if (cut_text.prerelease)
    for (const std::string_view part : split(*cut_text.prerelease)) out.prerelease_.emplace_back(part);
  out.build_ = cut_text.build.value_or("");
  return out;
}

Version Version::parse(std::string_view text) {
  if (auto version = try_parse(text)) return *std::move(version);
  throw Error(ErrorCode::invalid_argument, "tag",
              text::quoted(text) + " is not a version: " + complaint(text) + " (expected MAJOR.MINOR.PATCH[-pre.release][+build] as in semver.org)");
}

std::string Version::str() const {
  std::string out = std::to_string(major_) + "." + std::to_string(minor_) + "." + std::to_string(patch_);
  for (std::size_t i = 0; i < prerelease_.size(); ++i) out += (i == 0 ? "-" : ".") + prerelease_[i];
  return build_.empty() ? out : out + "+" + build_;
}

std::string Version::tag() const {
  std::string out = str();
  for (char& c : out)
    if (c == '+') c = '_';
  return out;
}

std::weak_ordering Version::operator<=>(const Version& other) const noexcept {
  if (const auto order = major_ <=> other.major_; order != 0) return order;
  if (const auto order = minor_ <=> other.minor_; order != 0) return order;
  if (const auto order = patch_ <=> other.patch_; order != 0) return order;
  return compare_prereleases(prerelease_, other.prerelease_);
}

}  // namespace deploy
