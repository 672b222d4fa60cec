// Public key authentication: key files and agent keys, one after the other.
#pragma once

#include <libssh2.h>

#include <memory>
#include <string>
#include <vector>

#include "ssh/agent.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

class Authenticator {
 public:
  /// Looks at the key files and asks the agent. Throws Error{unauthorized} or {unsupported} when the wanted identity
  /// cannot be used at all, and says why.
  Authenticator(const Target& target, const Options& options);
  ~Authenticator();

  enum class Step { again, accepted };
  /// Throws Error{unauthorized} when the host accepted none.
  [[nodiscard]] Step step(LIBSSH2_SESSION* session);

 private:
  struct Candidate {
    std::string file;        // key file, or
    std::string public_key;  // a key that the agent holds
  };

  void add_identity(const std::string& path);
  void add_default_files();
  void add_agent_keys();
  bool add_from_agent(const std::string& public_key);
  [[nodiscard]] int attempt(LIBSSH2_SESSION* session, const Candidate& candidate);
  [[nodiscard]] Error file_error(LIBSSH2_SESSION* session, const Candidate& candidate) const;
  [[nodiscard]] Error none_accepted() const;

  const Target& target_;
  const Options& options_;
  std::string user_;
  std::unique_ptr<Agent> agent_;
  std::vector<Candidate> left_;
  std::vector<std::string> notes_;  // what was tried or passed over, for the error
};

/// RSA keys need RSA-SHA2 signatures: libssh2 1.11.
[[nodiscard]] bool can_use_rsa();

}  // namespace deploy::ssh
