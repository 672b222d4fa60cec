#include "docker/output.hpp"

#include <fmt/format.h>

#include "docker/log_stream.hpp"
#include "docker/requests.hpp"
#include "docker/responses.hpp"
#include "support/pause.hpp"

namespace deploy::docker {

namespace {
// The command's streams end a moment before the Engine has its exit code.
constexpr std::chrono::milliseconds kExitCodePoll{10};
// An Engine that sends nothing of a finished log for this long is stuck. (A followed log may well be silent.)
constexpr std::chrono::seconds kSilentLog{30};

// Before API 1.42 the answer does not tell how it is framed; the container does.
Framing framing_of(Connection& engine, const std::string& id, const Act& act, const CallLimits& limits) {
  const http::Response answer = engine.send(requests::inspect(id), act, limits);
  return engine.understand(act, [&] { return responses::has_terminal(answer.body); }) ? Framing::raw : Framing::multiplexed;
}

void receive(Connection& engine, http::Request request, Framing framing, const Act& act, const std::function<void(std::string_view)>& sink, const CallLimits& limits) {
  LogStream output(framing, [&](Stream, std::string_view text) { sink(text); });
  request.on_data = [&](std::string_view bytes) { output.feed(bytes); };
  engine.send(std::move(request), act, limits);
  engine.understand(act, [&] { output.finish(); });
}

int exit_code(Connection& engine, const std::string& exec_id, const Act& act, const CallLimits& limits) {
  const auto end = std::chrono::steady_clock::now() + limits.timeout;
  while (true) {
    const http::Response answer = engine.send(requests::inspect_exec(exec_id), act, limits);
    if (const auto code = engine.understand(act, [&] { return responses::exec_exit_code(answer.body); })) return *code;
    if (std::chrono::steady_clock::now() >= end)
      throw Error(ErrorCode::timeout, "engine", fmt::format("cannot {} on {}: its output ended, but the Engine does not tell its exit code", act.what, engine.host()),
                  {{"host", engine.host()}});
    pause(kExitCodePoll, limits.stop);
  }
}
}  // namespace

std::string logs(Connection& engine, const std::string& id, int lines, const CallLimits& limits) {
  const Act act{.what = "read the log of container " + id};
  http::Request request = requests::logs(id, lines, false);
  request.idle_timeout = kSilentLog;
  TailBuffer tail(kLogLimit);
  receive(engine, std::move(request), framing_of(engine, id, act, limits), act, [&](std::string_view text) { tail.append(text); }, limits);
  return tail.take();
}

void follow_logs(Connection& engine, const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) {
  const Act act{.what = "follow the log of container " + id};
  try {
    receive(engine, requests::logs(id, lines, true), framing_of(engine, id, act, limits), act, sink, limits);
  } catch (const Error& error) {
    // To be stopped is how following ends.
    if (error.code() != ErrorCode::cancelled || !limits.stop.stop_requested()) throw;
  }
}

ExecOutcome exec(Connection& engine, const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) {
  if (command.empty()) throw Error(ErrorCode::invalid_argument, "engine", "a command to run in a container needs at least its program", {{"host", engine.host()}});
  const Act act{.what = fmt::format("run {} in container {}", command.front(), id), .operation = Operation::exec, .when_unknown = "the command may still run in the container"};
  const http::Response created = engine.send(requests::create_exec(id, command), act, limits);
  const std::string exec_id = engine.understand(act, [&] { return responses::created_id(created.body); });
  TailBuffer output(kExecLimit);
  receive(engine, requests::start_exec(exec_id), Framing::multiplexed, act, [&](std::string_view text) { output.append(text); }, limits);
  return {.exit_code = exit_code(engine, exec_id, act, limits), .output = output.take()};
}

}  // namespace deploy::docker
