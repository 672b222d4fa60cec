#include "sshsig/signer_options.hpp"

#include <array>
#include <ctime>

namespace deploy::sshsig {

namespace {
bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char lower = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
    if (lower != b[i]) return false;
  }
  return true;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!same_letters(text.substr(0, word.size()), word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// "a value", in which \" is a quote.
std::optional<std::string> take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && text.substr(i + 1).starts_with('"')) ++i;
    out += text[i];
  }
  return std::nullopt;
}

int two_digits(std::string_view digits, std::size_t at) { return (digits[at] - '0') * 10 + (digits[at + 1] - '0'); }

/// YYYYMMDD[HHMM[SS]], in the machine's own time unless Z or UTC follows: as ssh-keygen reads it.
std::optional<TimePoint> parse_time(std::string_view text) {
  const bool zulu = text.ends_with('Z') || text.ends_with('z');
  const bool utc = zulu || (text.size() > 3 && same_letters(text.substr(text.size() - 3), "utc"));
  if (utc) text.remove_suffix(zulu ? 1 : 3);
  const bool whole = text.size() == 8 || text.size() == 12 || text.size() == 14;
  if (!whole || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::tm time{};
  time.tm_year = two_digits(text, 0) * 100 + two_digits(text, 2) - 1900;
  time.tm_mon = two_digits(text, 4) - 1;
  time.tm_mday = two_digits(text, 6);
  if (text.size() >= 12) {
    time.tm_hour = two_digits(text, 8);
    time.tm_min = two_digits(text, 10);
  }
  if (text.size() == 14) time.tm_sec = two_digits(text, 12);
  time.tm_isdst = -1;
  if (time.tm_mon < 0 || time.tm_mon > 11 || time.tm_mday < 1 || time.tm_mday > 31 || time.tm_hour > 23 || time.tm_min > 59 || time.tm_sec > 59) return std::nullopt;
  const std::time_t seconds = utc ? timegm(&time) : mktime(&time);
  if (seconds == std::time_t{-1}) return std::nullopt;
  return TimePoint(std::chrono::seconds(seconds));
}

std::string set_time(std::string_view& rest, std::optional<TimePoint>& out, const char* name) {
  if (out) return std::string("it has ") + name + " twice";
  const auto text = take_quoted(rest);
  out = text ? parse_time(*text) : std::nullopt;
  return out ? "" : std::string(name) + " wants a time in quotes: \"20270101Z\" or \"202701011200Z\"";
}

std::string take_option(std::string_view& rest, AllowedSigner& signer) {
  if (take_word(rest, "cert-authority")) {
    signer.certificate_authority = true;
    return "";
  }
  if (take_word(rest, "namespaces=")) {
    if (signer.namespaces) return "it has namespaces twice";
    signer.namespaces = take_quoted(rest);
    return signer.namespaces ? "" : "namespaces wants patterns in quotes: \"approval@libdeploy\"";
  }
  if (take_word(rest, "valid-after=")) return set_time(rest, signer.valid_after, "valid-after");
  if (take_word(rest, "valid-before=")) return set_time(rest, signer.valid_before, "valid-before");
  return "it has an option that is not known";
}
}  // namespace

std::size_t end_of_options(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!quoted && (text[i] == ' ' || text[i] == '\t')) return i;
    if (text[i] == '\\' && text.substr(i + 1).starts_with('"')) ++i;
    else if (text[i] == '"') quoted = !quoted;
  }
  return std::string_view::npos;
}

std::string read_options(std::string_view rest, AllowedSigner& signer) {
  for (;;) {
    if (std::string why = take_option(rest, signer); !why.empty()) return why;
    if (rest.empty()) break;
    if (!rest.starts_with(',')) return "it has an option that is not known";
    rest.remove_prefix(1);
  }
  if (signer.valid_after && signer.valid_before && *signer.valid_before <= *signer.valid_after) return "its valid-before is not after its valid-after";
  return "";
}

}  // namespace deploy::sshsig
