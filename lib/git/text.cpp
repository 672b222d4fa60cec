#include "git/text.hpp"

#include <algorithm>
#include <array>

namespace deploy::git {

namespace {
/// Where the authority's user part of a URL stands in a text.
struct UserInfo {
  std::size_t begin = 0, end = 0;  ///< without the '@'
  bool secret = false;             ///< a password, or a user name that may be a token
};

std::string_view scheme_before(std::string_view text, std::size_t colon) {
  std::size_t begin = colon;
  while (begin > 0 && ((text[begin - 1] | 32) >= 'a' && (text[begin - 1] | 32) <= 'z')) --begin;
  return text.substr(begin, colon - begin);
}

std::optional<UserInfo> next_user_info(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("://", from); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/?# \t\r\n'\"", begin), text.size());
    const std::size_t sign = text.substr(0, authority_end).rfind('@');
    if (sign == std::string_view::npos || sign < begin) continue;
    const bool password = text.substr(begin, sign - begin).find(':') != std::string_view::npos;
    const std::string_view scheme = scheme_before(text, at);
    return UserInfo{begin, sign, password || scheme == "http" || scheme == "https"};
  }
  return std::nullopt;
}

std::string replace_user_info(std::string_view text, std::string_view replacement) {
  std::string out;
  std::size_t at = 0;
  while (const auto user = next_user_info(text, at)) {
    out += text.substr(at, user->begin - at);
    out += user->secret ? std::string(replacement) : std::string(text.substr(user->begin, user->end + 1 - user->begin));
    at = user->end + 1;
  }
  return out += text.substr(at);
}

struct Sign { std::string_view text; ErrorCode code; };
constexpr std::array kSigns{
    Sign{"Host key verification failed", ErrorCode::host_key_unknown},
    Sign{"Authentication failed", ErrorCode::unauthorized},
    Sign{"terminal prompts disabled", ErrorCode::unauthorized},
    Sign{"could not read Username", ErrorCode::unauthorized},
    Sign{"could not read Password", ErrorCode::unauthorized},
    Sign{"Permission denied", ErrorCode::unauthorized},
    Sign{"returned error: 401", ErrorCode::unauthorized},
    Sign{"returned error: 403", ErrorCode::unauthorized},
    Sign{"Could not resolve host", ErrorCode::unreachable},
    Sign{"Connection refused", ErrorCode::unreachable},
    Sign{"Connection timed out", ErrorCode::unreachable},
    Sign{"Network is unreachable", ErrorCode::unreachable},
    Sign{"No route to host", ErrorCode::unreachable},
    Sign{"Failed to connect", ErrorCode::unreachable},
    Sign{"does not appear to be a git repository", ErrorCode::not_found},
    Sign{"Repository not found", ErrorCode::not_found},
    Sign{"returned error: 404", ErrorCode::not_found},
    Sign{"remote end hung up", ErrorCode::connection_lost},
};
}  // namespace

std::optional<SourceTag> find_exact_tag(std::string_view listing, const std::string& name) {
  const std::string ref = "refs/tags/" + name, peeled = ref + "^{}";
  std::optional<SourceTag> tag;
  for (std::size_t at = 0; at < listing.size();) {
    const std::size_t end = std::min(listing.find('\n', at), listing.size());
    const std::string_view line = listing.substr(at, end - at);
    at = end + 1;
    const std::size_t gap = line.find_first_of("\t ");
    if (gap == std::string_view::npos) continue;
    const std::string_view listed = line.substr(gap + 1);
    if (listed != ref && listed != peeled) continue;
    const bool annotated = listed == peeled;
    if (!tag || annotated) tag = SourceTag{name, std::string(line.substr(0, gap)), annotated};
  }
  return tag;
}

std::string mask_credentials(std::string_view text) { return replace_user_info(text, "***@"); }
std::string strip_credentials(std::string_view url) { return replace_user_info(url, ""); }

bool has_credentials(std::string_view url) {
  const auto user = next_user_info(url, 0);
  return user && user->secret;
}

ErrorCode classify(std::string_view standard_error) {
  for (const Sign& sign : kSigns)
    if (standard_error.find(sign.text) != std::string_view::npos) return sign.code;
  return ErrorCode::refused;
}

}  // namespace deploy::git
