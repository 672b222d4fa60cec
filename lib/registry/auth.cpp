#include "registry/auth.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "registry/address.hpp"
#include "registry/token_service.hpp"
#include "support/hash.hpp"
#include "support/one_line.hpp"

namespace deploy::registry {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kBasicLifetime = std::chrono::hours(24);
constexpr milliseconds kMostMargin = std::chrono::seconds(10);

Error refusal(const Access& access, const std::string& why) {
  return Error(ErrorCode::unauthorized, "registry", access.registry + ": " + why, {{"registry", access.registry}});
}

std::string how_to_log_in(const std::string& registry) {
  return fmt::format("set registry.username and registry.password in the configuration, or run `docker login{}`",
                     registry == "docker.io" ? "" : " " + registry);
}

const Challenge* pick(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto it = std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& c) { return c.scheme == scheme; });
  return it == challenges.end() ? nullptr : &*it;
}

std::vector<Challenge> challenges_of(const http::Response& response) {
  std::string all;  // several headers mean the same as one with commas
  for (const auto& [name, value] : response.headers)
    if (http::find_header({{name, value}}, "WWW-Authenticate") != nullptr) all += (all.empty() ? "" : ", ") + value;
  return parse_challenges(all);
}
}  // namespace

std::string Access::scope() const { return "repository:" + repository + (write ? ":pull,push" : ":pull"); }

Secret Authorizer::known(const Access& access) {
  const std::lock_guard lock(mutex_);
  const auto it = entries_.find(access.registry + " " + access.scope());
  if (it == entries_.end() || it->second.expires <= std::chrono::steady_clock::now()) return {};
  return it->second.header;
}

void Authorizer::remember(const Access& access, const Secret& header, milliseconds lifetime) {
  const std::lock_guard lock(mutex_);
  entries_[access.registry + " " + access.scope()] = {header, std::chrono::steady_clock::now() + lifetime};
}

void Authorizer::forget(const Access& access) {
  const std::lock_guard lock(mutex_);
  entries_.erase(access.registry + " " + access.scope());
}

std::optional<Credential> Authorizer::login(const Access& access, const TimeBudget& time) const {
  if (store_ == nullptr) return std::nullopt;
  return store_->find(access.registry, time.rest("registry", access.registry));
}

Secret Authorizer::answer(const Access& access, const http::Response& unauthorized, const TimeBudget& time) {
  const std::vector<Challenge> challenges = challenges_of(unauthorized);
  if (const Challenge* challenge = pick(challenges, "bearer")) return bearer(access, *challenge, time);
  if (pick(challenges, "basic") != nullptr) return basic(access, time);
  throw refusal(access, challenges.empty() ? "the registry answered 401 without saying how to log in"
                                           : "the registry asks for a login of the kind '" + one_line(challenges.front().scheme, 50) + "', which is not known here");
}

Secret Authorizer::basic(const Access& access, const TimeBudget& time) {
  const std::optional<Credential> credential = login(access, time);
  if (!credential) throw refusal(access, "the registry asks for a login and there is none; " + how_to_log_in(access.registry));
  if (credential->password.empty())
    throw refusal(access, "the registry asks for a password, and the login has only an identity token; " + how_to_log_in(access.registry));
  const Secret header("Basic " + base64(credential->username + ":" + credential->password.reveal()));
  remember(access, header, kBasicLifetime);
  return header;
}

Secret Authorizer::bearer(const Access& access, const Challenge& challenge, const TimeBudget& time) {
  const std::string realm = challenge.param("realm");
  if (!is_trustworthy_realm(realm, access.url))
    throw refusal(access, fmt::format("the registry sends for a token to '{}', which is neither HTTPS nor on this machine; no login was sent there", one_line(realm, 200)));
  const std::string asked = challenge.param("scope");
  const bool verify = !access.accept_any_certificate;
  const Token token = fetch_token({realm, challenge.param("service"), asked.empty() ? access.scope() : asked, access.registry, verify},
                                  login(access, time), time);
  const Secret header("Bearer " + token.value.reveal());
  // Renewed a little before its end, so that it does not expire on its way.
  const milliseconds lifetime = token.lifetime;
  remember(access, header, lifetime - std::min(lifetime / 4, kMostMargin));
  return header;
}

}  // namespace deploy::registry
