// Files around SSH, read with limits: a path may lead to a device, and a peer can make the ssh program's log grow.
#pragma once

#include <cstddef>
#include <string>

namespace deploy::ssh {

inline constexpr std::size_t kLargestKnownHosts = 16u << 20;
inline constexpr std::size_t kLargestKeyFile = 1u << 20;
inline constexpr std::size_t kLogPart = 256u << 10;  ///< of a log's beginning, and as much of its end

/// "" when it cannot be opened. Throws Error{io} when there is more than kLargestKnownHosts: with a part of the lines a
/// revoked key could pass.
[[nodiscard]] std::string read_known_hosts(const std::string& path);

/// The whole file. Throws Error{unauthorized} that says what is wrong when it cannot be read.
[[nodiscard]] std::string read_key_file(const std::string& path);

/// "" when it cannot be opened; of a long one the beginning and the end.
[[nodiscard]] std::string read_log(const std::string& path);

}  // namespace deploy::ssh
