// A client of the SSH agent protocol, as far as we need it, with a time limit: an agent that waits for a person must
// not hold up every session of the reactor.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/unique_fd.hpp"

namespace deploy::ssh {

class Agent {
 public:
  /// Connects. Throws Error{unauthorized} when nobody answers there.
  explicit Agent(const std::string& socket_path);

  /// Public key blobs.
  [[nodiscard]] std::vector<std::string> keys();
  /// The signature as SSH wants it (algorithm name and signature in one blob), nothing when the agent refuses.
  [[nodiscard]] std::optional<std::string> sign(std::string_view public_key, std::string_view data, std::uint32_t flags);

 private:
  std::string ask(std::string_view request);

  UniqueFd socket_;
};

/// Pure: the keys in the agent's answer to "list", empty for any other answer.
[[nodiscard]] std::vector<std::string> parse_agent_keys(std::string_view answer);
/// Pure: the signature in the agent's answer to "sign".
[[nodiscard]] std::optional<std::string> parse_agent_signature(std::string_view answer);

}  // namespace deploy::ssh
