// An ssh-agent with one decrypted key, for as long as a connection is being made.
//
// `ssh` takes no passphrase from a program. So an agent of our own gets the key from ssh-add, which asks a helper for
// the passphrase; the helper reads it from a pipe in a private folder. It is in no argument, environment or file.
#pragma once

#include <optional>
#include <string>

#include "deploy/call.hpp"
#include "deploy/secret.hpp"
#include "support/private_folder.hpp"
#include "support/child.hpp"

namespace deploy::ssh {

class BriefAgent {
 public:
  /// Throws Error{unauthorized} when the passphrase is wrong, {not_found} without ssh-agent and ssh-add.
  BriefAgent(const std::string& identity, const Secret& passphrase, const CallLimits& limits);

  [[nodiscard]] std::string socket() const { return folder_.path() + "/agent"; }

 private:
  void start();
  void write_helper() const;
  void add_key(const std::string& identity, const Secret& passphrase, const CallLimits& limits) const;

  PrivateFolder folder_;
  std::optional<Child> agent_;
};

}  // namespace deploy::ssh
