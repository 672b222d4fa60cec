// SSH signatures and the files that say who may sign: signature, message, namespace, principal, allowed signers, revoked keys.
#include <algorithm>

#include "sshsig/verify.hpp"
#include "sshsig/public_key.hpp"
#include "sshsig/signature.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
void hold_good(const sshsig::Question& question) {
  const sshsig::Signature signature = sshsig::parse_sshsig(question.signature);
  hold(signature.name_space == question.name_space, "a signature holds in its own namespace alone");
  hold(!question.revoked.contain(signature.public_key), "a revoked key never signs");
  const auto allows = [&](const sshsig::AllowedSigner& s) {
    return s.key == signature.public_key && !s.certificate_authority && sshsig::matches(s.principals, question.principal);
  };
  hold(std::any_of(question.allowed.signers.begin(), question.allowed.signers.end(), allows), "only a line that holds the key lets its principal sign");
  sshsig::Question altered = question;
  const std::string message = std::string(question.message) + ".";
  altered.message = message;
  hold(!sshsig::verify(altered).good(), "a signature holds for its own text alone");
}
}  // namespace

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const sshsig::AllowedSigners allowed = sshsig::parse_allowed_signers(part(parts, 4));
  for (const sshsig::OddLine& odd : allowed.odd) hold(!odd.why.empty() && odd.line > 0, "an odd line says why");
  const auto revoked = accepted([&] { return sshsig::parse_revoked_keys(part(parts, 5)); });
  if (!revoked) return;
  (void)accepted([&] { return sshsig::parse_sshsig(part(parts, 0)); });
  (void)accepted([&] { return sshsig::parse_public_key(part(parts, 1)); });
  const sshsig::Question question{part(parts, 0), part(parts, 1), part(parts, 2), part(parts, 3), allowed, *revoked, TimePoint(std::chrono::seconds(1'800'000'000))};
  const sshsig::Finding found = sshsig::verify(question);
  hold(found.good() == found.why.empty(), "what does not hold says why");
  hold(text::is_utf8(found.why) && found.why.size() < (64u << 10), "why it does not hold can be shown");
  if (found.good()) hold_good(question);
}

}  // namespace deploy::fuzz
