#include "sshsig/allowed_signers.hpp"

#include <algorithm>
#include <functional>

#include "deploy/error.hpp"
#include "sshsig/public_key.hpp"
#include "sshsig/signer_options.hpp"

namespace deploy::sshsig {

namespace {
constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

/// Every line that is neither empty nor a comment, with its number.
void each_line(std::string_view text, const std::function<void(std::size_t, std::string_view)>& visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') visit(number, line);
  }
}

/// The first word, which may stand in quotes. False when a quote is left open.
bool take_principals(std::string_view& line, std::string& out) {
  const bool quoted = line.front() == '"';
  if (quoted) line.remove_prefix(1);
  const std::size_t end = quoted ? line.find('"') : line.find_first_of(kBlank);
  if (quoted && end == std::string_view::npos) return false;
  out = line.substr(0, end);
  line.remove_prefix(std::min(end, line.size()));
  if (quoted) line.remove_prefix(1);
  line = trimmed(line);
  return !out.empty();
}

/// "" or what is odd about the line.
std::string read_line(std::string_view line, AllowedSigner& out) {
  if (!take_principals(line, out.principals)) return "its principals are not readable";
  if (auto key = key_of_line(line)) {
    out.key = std::move(*key);
    return "";
  }
  const std::size_t end = end_of_options(line);
  if (end == std::string_view::npos) return "it names no key";
  auto key = key_of_line(line.substr(end));
  if (!key) return "it names no key";
  out.key = std::move(*key);
  return read_options(line.substr(0, end), out);
}

/// One pattern against a whole name, '*' for anything and '?' for one character. Linear but for the last star.
bool fits(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.substr(p).find_first_not_of('*') == std::string_view::npos;
}
}  // namespace

AllowedSigners parse_allowed_signers(std::string_view text) {
  AllowedSigners out;
  each_line(text, [&](std::size_t number, std::string_view line) {
    AllowedSigner signer;
    signer.line = number;
    const std::string why = read_line(line, signer);
    if (why.empty()) out.signers.push_back(std::move(signer));
    else out.odd.push_back({number, why});
  });
  return out;
}

bool matches(std::string_view patterns, std::string_view name) {
  bool found = false;
  while (!patterns.empty()) {
    const std::size_t end = std::min(patterns.find(','), patterns.size());
    std::string_view pattern = patterns.substr(0, end);
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
    const bool excludes = pattern.starts_with('!');
    if (excludes) pattern.remove_prefix(1);
    if (!fits(pattern, name)) continue;
    if (excludes) return false;
    found = true;
  }
  return found;
}

bool RevokedKeys::contain(std::string_view blob) const { return keys.count(std::string(blob)) > 0 || fingerprints.count(fingerprint(blob)) > 0; }

RevokedKeys parse_revoked_keys(std::string_view text) {
  if (text.starts_with("SSHKRL\n"))
    throw Error(ErrorCode::invalid_argument, "signature", "it is a binary KRL; list the revoked public keys instead, one a line as in a .pub file");
  RevokedKeys out;
  each_line(text, [&](std::size_t number, std::string_view line) {
    const std::string_view word = line.substr(0, line.find_first_of(kBlank));
    if (word.starts_with("SHA256:") && word.size() == std::string_view("SHA256:").size() + 43) {
      out.fingerprints.emplace(word);
    } else if (auto key = key_of_line(line)) {
      out.keys.insert(std::move(*key));
    } else {
      throw Error(ErrorCode::invalid_argument, "signature", "line " + std::to_string(number) + " is neither a public key as in a .pub file nor a SHA256:... fingerprint");
    }
  });
  return out;
}

}  // namespace deploy::sshsig
