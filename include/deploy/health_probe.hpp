// How health is asked for, and what an answer means.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "deploy/time.hpp"

namespace deploy {

/// A JSON pointer (RFC 6901) into the answer's body and the JSON value that must stand there. Since: 0.9
struct JsonExpectation {
  std::string pointer;
  std::string equals;  ///< JSON text, e.g. `"ok"` with its quotes, `true`, `3`
  bool operator==(const JsonExpectation&) const = default;
};

/// Healthy when status, body and JSON are as expected. Redirects are not followed. Since: 0.9
struct HttpCheck {
  std::string path = "/";
  std::uint16_t port = 80;                       ///< the published port on the host
  std::vector<int> status = {200};
  std::optional<std::string> body;               ///< substring; a text between slashes (`/^ok$/`) is an ECMAScript regex
  std::vector<JsonExpectation> json;
  std::map<std::string, std::string> headers;    ///< sent with the request; `Host` replaces the default one
  bool tls = false;                              ///< HTTPS
  std::string ca;                                ///< PEM file that signs the server's certificate; "": the system's
  bool operator==(const HttpCheck&) const = default;
};

struct TcpCheck { std::uint16_t port = 0; bool operator==(const TcpCheck&) const = default; };                     ///< accepts a connection
struct ExecCheck { std::vector<std::string> command; bool operator==(const ExecCheck&) const = default; };         ///< exits 0 in the container
struct EngineCheck { bool operator==(const EngineCheck&) const = default; };                                       ///< the image's HEALTHCHECK says healthy

enum class ProbeFrom {
  host,        ///< from the host itself (through the SSH tunnel, or local)
  controller,  ///< straight from where libdeploy runs, to the host's name
};
[[nodiscard]] std::string_view to_string(ProbeFrom from);

/// Since: 0.9
struct HealthProbe {
  std::variant<HttpCheck, TcpCheck, ExecCheck, EngineCheck> check = EngineCheck{};
  ProbeFrom from = ProbeFrom::host;
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds timeout{5'000};       ///< of one try
  std::chrono::milliseconds start_period{0};      ///< the deadline counts after it
  std::chrono::milliseconds deadline{60'000};     ///< until the first success_threshold successes in a row
  int success_threshold = 2;                      ///< successes in a row
  int failure_threshold = 3;                      ///< failures in a row, once healthy (bake)
  bool operator==(const HealthProbe&) const = default;
};

/// Name of the check's kind: "http", "tcp", "exec", "engine". Since: 0.9
[[nodiscard]] std::string_view kind_of(const HealthProbe& probe);

/// What one try found. Since: 0.9
enum class ProbeAnswer {
  success,
  failure,  ///< the service answered wrongly, refused, or took longer than `timeout`
  unknown,  ///< we could not ask (the tunnel or the Engine is away): says nothing about the service
};
[[nodiscard]] std::string_view to_string(ProbeAnswer answer);

/// Since: 0.9
struct ProbeTry {
  TimePoint time{};
  std::chrono::milliseconds latency{0};
  ProbeAnswer answer = ProbeAnswer::unknown;
  std::string detail;  ///< "200 in 3 ms", "503, expected 200: <body>", "connection refused"
  bool operator==(const ProbeTry&) const = default;
};

/// Since: 0.9
enum class Verdict { healthy, unhealthy, unknown };
[[nodiscard]] std::string_view to_string(Verdict verdict);

/// A verdict with its trace. Since: 0.9
struct ProbeReport {
  Verdict verdict = Verdict::unknown;
  std::string reason;             ///< one sentence: why this verdict
  std::vector<ProbeTry> tries;    ///< the newest kProbeTraceLimit tries, oldest first
  std::chrono::milliseconds waited{0};
};
inline constexpr std::size_t kProbeTraceLimit = 50;

/// {"verdict":"healthy","reason":...,"waited_ms":N,"tries":[...]}. Since: 0.9
[[nodiscard]] std::string to_json(const ProbeReport& report);

/// Runs one probe by itself: asks `address` (a name or IP address; the port is the probe's) from here until there is a verdict. `on_try` gets
/// each try. Throws {unsupported} for exec and engine, which only an Engine can answer, {invalid_argument} for what is no address,
/// {cancelled} when `stop` asks, and what `on_try` throws. Since: 0.9
[[nodiscard]] ProbeReport run_probe(const HealthProbe& probe, const std::string& address, const std::function<void(const ProbeTry&)>& on_try = {},
                                    const std::stop_token& stop = {});

/// True when `text` is one JSON value. Since: 0.9
[[nodiscard]] bool is_json_value(std::string_view text) noexcept;

}  // namespace deploy
