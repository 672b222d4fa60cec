// What could not be carried out. What ended otherwise than hoped is a value (see deployment.hpp), not an Error.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace deploy {

/// Why a call could not be carried out. The names are the same in C, Python, the CLI and the docs. Since: 0.9
enum class ErrorCode {
  invalid_argument,    ///< the caller's argument is malformed (a reference, a version, a selector ...)
  invalid_config,      ///< the configuration is wrong; details: `file`, `line`, `column`, `pointer`
  not_found,           ///< the named thing does not exist
  already_exists,      ///< the name is taken
  conflict,            ///< somebody else changed it at the same time; nothing was written
  unauthorized,        ///< credentials are missing, wrong or do not suffice
  unreachable,         ///< no connection was made: the peer has seen nothing
  connection_lost,     ///< the link dropped in the middle: whether it took effect is *unknown*
  timeout,             ///< no answer within the deadline: whether it took effect is *unknown*
  refused,             ///< the peer understood and said no
  protocol,            ///< the peer's answer makes no sense
  host_key_unknown,    ///< SSH: no entry for this host in known_hosts
  host_key_changed,    ///< SSH: the key differs from known_hosts, or is revoked there
  tag_moved,           ///< a version tag already names another digest (or git commit)
  lease_held,          ///< another run holds the environment
  fenced,              ///< our lease was taken over; this process must not act any more
  corrupt,             ///< the ledger's chain is broken, or a stored value makes no sense
  cancelled,           ///< stopped on request
  io,                  ///< the local file system or operating system said no
  unsupported,         ///< understood, but this build or this peer cannot do it
  no_rollback_target,  ///< nothing verified, unquarantined and obtainable to go back to
  internal,            ///< a bug in libdeploy
};

/// The code's name as it stands in JSON and in the CLI, e.g. "tag_moved". Since: 0.9
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// Thrown by every call of the library. `area` says which part spoke: "config", "engine", "registry", "ssh", "git",
/// "probe", "ledger", "promotion" ... `details` are for machines: `host`, `step`, `status` (HTTP), `exit_code`, `stderr` ...
/// No secret ever stands in the message or the details. Since: 0.9
class Error : public std::runtime_error {
 public:
  using Details = std::map<std::string, std::string>;

  Error(ErrorCode code, std::string area, const std::string& message, Details details = {})
      : std::runtime_error(message), code_(code), area_(std::move(area)), details_(std::move(details)) {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& area() const noexcept { return area_; }
  [[nodiscard]] const Details& details() const noexcept { return details_; }

  /// The same error with one more detail; an existing value is kept. For adding the host or step on the way up.
  [[nodiscard]] Error with(std::string key, std::string value) const;

  /// True when the act may or may not have taken effect (connection_lost, timeout).
  [[nodiscard]] bool outcome_unknown() const noexcept {
    return code_ == ErrorCode::connection_lost || code_ == ErrorCode::timeout;
  }

 private:
  ErrorCode code_;
  std::string area_;
  Details details_;
};

/// {"code":"tag_moved","area":...,"message":...,"details":{...}}. Since: 0.9
[[nodiscard]] std::string to_json(const Error& error);

}  // namespace deploy
