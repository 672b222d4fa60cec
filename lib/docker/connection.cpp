#include "docker/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "docker/requests.hpp"
#include "docker/responses.hpp"
#include "docker/stream.hpp"
#include "support/one_line.hpp"

namespace deploy::docker {

std::string negotiated_version(const std::string& announced) {
  int minor = 0;
  const char* const end = announced.data() + announced.size();
  const bool is_one = announced.starts_with("1.");
  const auto [stop, error] = is_one ? std::from_chars(announced.data() + 2, end, minor) : std::from_chars_result{end, std::errc::invalid_argument};
  if (error != std::errc() || stop != end)
    throw Error(ErrorCode::protocol, "engine", fmt::format("what answers there announces no Engine API version (Api-Version: '{}')", one_line(announced, 50)));
  if (minor < kOldestApiMinor)
    throw Error(ErrorCode::unsupported, "engine",
                fmt::format("the Engine speaks API {} at most; 1.{} (Engine 1.12) is the oldest that works: update the Engine", announced, kOldestApiMinor));
  return fmt::format("1.{}", std::min(minor, kNewestApiMinor));
}

Peer Connection::ask(const CallLimits& limits) {
  const Act act{.what = "reach the Engine"};
  return understand(act, [&] {
    const http::Response pong = client_.send(requests::ping(), limits);
    if (!pong.ok()) throw Error(ErrorCode::protocol, "engine", fmt::format("/_ping was answered with status {}: {}", pong.status, responses::error_message(pong.body)));
    return Peer{.api = negotiated_version(pong.header("Api-Version")), .podman = !pong.header("Libpod-Api-Version").empty()};
  });
}

// Not under the lock while asking: a second caller's deadline must not depend on the first one's.
Peer Connection::peer(const CallLimits& limits) {
  {
    const std::lock_guard lock(mutex_);
    if (peer_) return *peer_;
  }
  Peer found = ask(limits);
  const std::lock_guard lock(mutex_);
  peer_ = found;
  return found;
}

http::Response Connection::send(http::Request request, const Act& act, const CallLimits& limits, std::initializer_list<int> also) {
  request.path = fmt::format("/v{}{}", peer(limits).api, request.path);
  http::Response answer = understand(act, [&] { return client_.send(request, limits); });
  const bool expected = answer.ok() || answer.status == 304 || std::find(also.begin(), also.end(), answer.status) != also.end();
  if (!expected) throw refusal(act, host_, answer.status, responses::error_message(answer.body));
  return answer;
}

void Connection::send_for_messages(http::Request request, const Act& act, const CallLimits& limits, const std::function<void(const json::Value&)>& on_message) {
  std::optional<StreamError> failed;
  MessageStream messages([&](const json::Value& message) {
    if (!failed) failed = stream_error(message);
    if (!failed) on_message(message);
  });
  request.on_data = [&](std::string_view bytes) { messages.feed(bytes); };
  send(std::move(request), act, limits);
  if (failed) {
    const Error error = refusal(act, host_, 200, one_line(failed->message));
    throw act.operation == Operation::build && failed->code > 0 ? error.with("exit_code", std::to_string(failed->code)) : error;
  }
  understand(act, [&] { messages.finish(); });
}

}  // namespace deploy::docker
