// Where an Engine listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deploy {

enum class HostKind { unix_socket, ssh, tcp };
[[nodiscard]] std::string_view to_string(HostKind kind);

/// One engine endpoint, as in DOCKER_HOST: `unix:///path`, `ssh://[user@]host[:port]`, `tcp://host:port`. Since: 0.9
class Host {
 public:
  /// Throws Error{invalid_argument}. A password in the URL is refused.
  [[nodiscard]] static Host parse(std::string_view url);

  [[nodiscard]] HostKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }    ///< normalised; names the host everywhere
  [[nodiscard]] const std::string& path() const noexcept { return path_; }  ///< of the unix socket
  [[nodiscard]] const std::string& user() const noexcept { return user_; }  ///< "" when not given
  [[nodiscard]] const std::string& name() const noexcept { return name_; }  ///< host name or address; "localhost" for unix
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }       ///< 22 for ssh, 2376 for tcp unless given

  bool operator==(const Host& other) const { return url_ == other.url_; }
  auto operator<=>(const Host& other) const { return url_ <=> other.url_; }

 private:
  HostKind kind_ = HostKind::unix_socket;
  std::string url_, path_, user_, name_;
  std::uint16_t port_ = 0;
};

}  // namespace deploy
