// The Engine's refusals as deploy::Error.
#pragma once

#include <string>

#include "deploy/error.hpp"

namespace deploy::docker {

/// What the Engine was asked; decides where a status alone does not say enough.
enum class Operation { other, create, start, exec, pull, push, build };

/// One act in words, for messages.
struct Act {
  std::string what;                         ///< "start container web"
  Operation operation = Operation::other;
  std::string registry{};                   ///< of a pull or push
  std::string when_unknown{};               ///< what to know when no answer came: "it may be running"
};

/// `status` and `message` of the Engine's answer; 200 for an error inside a stream. The message is taken as cleaned by
/// one_line(). Details: `host`, `status`, `message`, and `registry`, `port` where they apply.
[[nodiscard]] Error refusal(const Act& act, const std::string& host, int status, const std::string& message);

/// What the connection threw, told as the failure of the act: same code; details `host` and the transport's own.
/// An SSH host on which no Engine answers is {unreachable}, or {unauthorized}: the Engine has seen nothing.
[[nodiscard]] Error transport_failure(const Act& act, const std::string& host, const Error& error);

/// The host port that the Engine's words name as taken, "" when they are about something else.
[[nodiscard]] std::string taken_port(const std::string& message);

}  // namespace deploy::docker
