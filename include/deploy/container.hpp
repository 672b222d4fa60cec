// What runs on a host.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "deploy/secret.hpp"

namespace deploy {

enum class Protocol { tcp, udp, sctp };
[[nodiscard]] std::string_view to_string(Protocol protocol);

/// `[address:]host[-last]:container[-last][/protocol]`, e.g. `8080:80`, `127.0.0.1:8080:80/tcp`, `[::1]:53:53/udp`, `9000-9002:9000-9002`. Since: 0.9
struct PortBinding {
  std::string address;                 ///< "" binds every address of the host
  std::uint16_t host_first = 0, host_last = 0;
  std::uint16_t container_first = 0, container_last = 0;
  Protocol protocol = Protocol::tcp;

  /// Throws Error{invalid_argument}: bad numbers, ranges of different length, 0, an unknown protocol.
  [[nodiscard]] static PortBinding parse(std::string_view text);
  [[nodiscard]] std::string str() const;
  /// True when both would bind the same port of the same address on one host.
  [[nodiscard]] bool overlaps(const PortBinding& other) const;
  bool operator==(const PortBinding&) const = default;
};

using EnvValue = std::variant<std::string, SecretSource>;

/// Since: 0.9
struct ContainerSpec {
  std::string name;
  std::vector<PortBinding> ports;
  std::map<std::string, EnvValue> env;
  std::vector<std::string> volumes;      ///< `source:target[:ro]`
  std::vector<std::string> networks;     ///< the first is the container's network mode; "host" is allowed alone
  std::string restart = "unless-stopped";  ///< no, always, unless-stopped, on-failure[:N]
  std::chrono::milliseconds stop_timeout{10'000};
  std::map<std::string, std::string> labels;
  std::int64_t memory = 0;               ///< bytes; 0 is unlimited
  double cpus = 0;                       ///< 0 is unlimited
  std::optional<std::vector<std::string>> command;
  std::optional<std::string> user;
  bool read_only = false;
  bool operator==(const ContainerSpec&) const = default;
};

/// What the Engine accepts as a container's name: a letter or digit, then letters, digits, '_', '.', '-'. At most 200 bytes,
/// so that the suffix of a retained version still fits. Since: 0.9
[[nodiscard]] bool is_valid_container_name(std::string_view name) noexcept;

/// "256m", "1g", "512k", plain bytes. Throws Error{invalid_argument}. Since: 0.9
[[nodiscard]] std::int64_t parse_memory(std::string_view text);

}  // namespace deploy
