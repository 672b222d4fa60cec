#include "registry/connection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "registry/answers.hpp"
#include "registry/patience.hpp"

namespace deploy::registry {

namespace {
constexpr std::chrono::milliseconds kPingTime{3000};

http::Client make_client(const BaseUrl& base) {
  http::Tls tls;
  tls.verify = base.verify_tls;
  http::Endpoint endpoint = http::Endpoint::url(base.url, tls);
  endpoint.area = "registry";
  return http::Client(std::move(endpoint));
}

/// Whether anything speaks this protocol there. Only "no" when the connection itself says so.
bool answers(http::Client& client, const TimeBudget& time, const std::string& registry) {
  try {
    http::Request ping;
    ping.path = "/v2/";
    CallLimits limits = time.rest("registry", registry);
    limits.timeout = std::min(limits.timeout, kPingTime);
    (void)client.send(ping, limits);
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return false;
  }
}

http::Response send_with(http::Client& client, http::Request request, const Secret& authorization, const TimeBudget& time, const std::string& registry) {
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization.reveal());
  return send_patiently(client, request, time, registry);
}

[[noreturn]] void login_does_not_suffice(const ImageReference& reference, Intent intent, const http::Response& response) {
  const std::string act = intent == Intent::write ? "write to" : "read";
  throw Error(ErrorCode::unauthorized, "registry",
              fmt::format("{}: the registry took the login and does not let it {} this repository ({} {}); check that the repository exists "
                          "under exactly this name and that the user has the right to {} it",
                          reference.name(), act, response.status, error_text(response), act),
              {{"registry", reference.registry()}, {"reference", reference.str()}, {"status", std::to_string(response.status)}});
}
}  // namespace

std::shared_ptr<Connections::Host> Connections::host(const std::string& registry, const TimeBudget& time) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = hosts_.find(registry); it != hosts_.end()) return it->second;
  }
  std::shared_ptr<Host> chosen;
  const std::vector<BaseUrl> candidates = base_urls(registry, insecure_);
  for (std::size_t i = 0; i < candidates.size() && !chosen; ++i) {
    auto candidate = std::make_shared<Host>(Host{candidates[i], make_client(candidates[i])});
    if (i + 1 == candidates.size() || answers(candidate->client, time, registry)) chosen = std::move(candidate);
  }
  const std::lock_guard lock(mutex_);
  return hosts_.emplace(registry, std::move(chosen)).first->second;
}

http::Response Connections::send(http::Request request, const ImageReference& reference, Intent intent, const TimeBudget& time) {
  const std::shared_ptr<Host> to = host(reference.registry(), time);
  const Access access{reference.registry(), to->base.url, reference.repository(), intent == Intent::write, !to->base.verify_tls};
  const Secret known = authorizer_.known(access);
  http::Response first = send_with(to->client, request, known, time, access.registry);
  if (first.status != 401) return first;
  authorizer_.forget(access);
  const Secret answer = authorizer_.answer(access, first, time);
  http::Response second = send_with(to->client, std::move(request), answer, time, access.registry);
  if (second.status != 401) return second;
  authorizer_.forget(access);
  login_does_not_suffice(reference, intent, second);
}

}  // namespace deploy::registry
