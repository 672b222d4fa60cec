// A registry's or a token service's answer: lines of headers, an empty line, the body.
#include "registry/address.hpp"
#include "registry/answers.hpp"
#include "registry/challenge.hpp"
#include "registry/token_service.hpp"
#include "support/hash.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
http::Response answer_of(std::string_view input) {
  http::Response out;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) out.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  out.status = 200;
  out.body = input;
  return out;
}

void try_realm(const std::string& realm, const registry::Challenge& challenge) {
  hold(!registry::is_trustworthy_realm(realm, "https://registry.example") || !registry::split_url(realm).origin.empty(), "a trusted realm is a URL");
  hold(registry::split_url(realm).origin.find('@') == std::string::npos, "no origin carries a user name");
  if (!registry::is_trustworthy_realm(realm, "https://registry.example")) return;
  const std::string password = "0f8e-" + sha256_hex(realm);  // nothing that a fuzzer could put into the input by itself
  const Credential login{"user", Secret(password), {}};
  const http::Request request = registry::token_request({realm, challenge.param("service"), challenge.param("scope"), "registry.example"}, login);
  hold(request.path.starts_with('/'), "a token is asked for at a path");
  hold(request.path.find(password) == std::string::npos, "a password never stands in a URL");
}
}  // namespace

void try_input(std::string_view input) {
  const http::Response answer = answer_of(input);
  if (const auto manifest = accepted([&] { return registry::read_manifest(answer, std::nullopt); })) {
    hold(manifest->digest.str() == "sha256:" + sha256_hex(answer.body), "a manifest's digest is that of its bytes");
    const Digest other = Digest::parse("sha256:" + std::string(64, '0'));
    hold(refusal([&] { (void)registry::read_manifest(answer, other); }).has_value(), "another digest than asked for is refused");
  }
  const std::string text = registry::error_text(answer);
  hold(text.size() < 1000 && text::is_utf8(text), "a registry's words are bounded");
  (void)registry::is_registry_not_found(answer);
  const auto pause = registry::retry_after(answer, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
  hold(!pause || pause->count() >= 0, "nobody is asked to wait backwards");
  if (const auto token = accepted([&] { return registry::read_token(answer, "https://auth.example/token"); }))
    hold(!token->value.empty() && token->lifetime.count() >= 0, "a token has a value and a lifetime");
  for (const auto& [name, value] : answer.headers)
    for (const registry::Challenge& challenge : registry::parse_challenges(value)) try_realm(challenge.param("realm"), challenge);
}

}  // namespace deploy::fuzz
