// From a registry's name in an image reference to the URLs at which it is asked. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deploy::registry {

/// "localhost", 127.0.0.0/8 and ::1, with or without a port. `host` is `host[:port]` or `[v6][:port]`.
[[nodiscard]] bool is_loopback(std::string_view host);

struct BaseUrl {
  std::string url;         ///< "https://registry-1.docker.io"
  bool verify_tls = true;
  bool operator==(const BaseUrl&) const = default;
};

/// In the order in which they are to be tried. Plain HTTP only to loopback addresses and, after HTTPS, when `insecure`.
[[nodiscard]] std::vector<BaseUrl> base_urls(std::string_view registry, bool insecure);

/// Whether credentials may go to the token service at `realm`: HTTPS anywhere, HTTP on loopback, and HTTP at
/// `registry_url`'s own host when that one is spoken to in plain HTTP as well.
[[nodiscard]] bool is_trustworthy_realm(std::string_view realm, std::string_view registry_url);

/// `scheme://host[:port]` and the rest ("/path?query") of an absolute http(s) URL; both empty when it is none, or when
/// it carries a user name.
struct SplitUrl {
  std::string origin, path;
};
[[nodiscard]] SplitUrl split_url(std::string_view url);

}  // namespace deploy::registry
