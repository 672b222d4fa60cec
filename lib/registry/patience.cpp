#include "registry/patience.hpp"

#include <fmt/format.h>

#include "registry/answers.hpp"

namespace deploy::registry {

namespace {
using std::chrono::milliseconds;

constexpr int kTries = 4;
constexpr milliseconds kFirstPause{200};      ///< doubled each time
constexpr milliseconds kRateLimitPause{1000};  ///< when a 429 does not say how long
constexpr milliseconds kShortestPause{100};   ///< "Retry-After: 0" is no invitation to hammer

bool is_read(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }
bool is_passing_fault(int status) { return status == 500 || status == 502 || status == 503 || status == 504; }
bool is_rate_limit(const http::Response& response) {
  return response.status == 429 || (response.status == 503 && !response.header("Retry-After").empty());
}

[[noreturn]] void give_up(const http::Response& response, const http::Client& client, const std::string& registry, const std::string& why) {
  throw Error(ErrorCode::refused, "registry",
              fmt::format("{}: {} answered {} {}; {}", registry, client.endpoint().name, response.status, error_text(response), why),
              {{"registry", registry}, {"status", std::to_string(response.status)}});
}

std::optional<http::Response> send_once(http::Client& client, const http::Request& request, const TimeBudget& time,
                                        const std::string& registry, bool last) {
  try {
    return client.send(request, time.rest("registry", registry));
  } catch (const Error& error) {
    if (last || !is_read(request) || error.code() != ErrorCode::connection_lost) throw;
    return std::nullopt;
  }
}

/// How long to wait before the next try; nullopt when the answer is to be taken as it is.
std::optional<milliseconds> pause_after(const http::Request& request, const std::optional<http::Response>& response, milliseconds backoff) {
  if (!response) return backoff;
  if (is_rate_limit(*response)) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto asked = retry_after(*response, now);
    return asked ? std::max<milliseconds>(*asked, kShortestPause) : std::max(backoff, kRateLimitPause);
  }
  if (is_passing_fault(response->status) && is_read(request)) return backoff;
  return std::nullopt;
}
}  // namespace

http::Response send_patiently(http::Client& client, const http::Request& request, const TimeBudget& time, const std::string& registry) {
  milliseconds backoff = kFirstPause;
  for (int tries = 1;; ++tries, backoff *= 2) {
    const bool last = tries == kTries;
    std::optional<http::Response> response = send_once(client, request, time, registry, last);
    const auto pause = pause_after(request, response, backoff);
    if (!pause) return *std::move(response);
    if (response && last) give_up(*response, client, registry, fmt::format("it still did after {} tries", kTries));
    if (response && *pause >= time.left())
      give_up(*response, client, registry, fmt::format("the next try would be in {} s, which is later than this call may last", pause->count() / 1000));
    time.sleep(std::min(*pause, time.left()));
  }
}

}  // namespace deploy::registry
