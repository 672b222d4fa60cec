#include "sshsig/verify.hpp"

#include <algorithm>

#include "deploy/error.hpp"
#include "sshsig/crypto.hpp"
#include "sshsig/public_key.hpp"
#include "sshsig/signature.hpp"
#include "support/one_line.hpp"
#include "support/wire.hpp"

namespace deploy::sshsig {

namespace {
constexpr unsigned kUserPresent = 0x01;

/// The inner blob: algorithm, bytes, and of security keys the flags and the counter.
struct Inner {
  std::string algorithm, bytes;
  bool security_key = false;
  std::uint8_t flags = 0;
  std::uint32_t counter = 0;
};

// Names and namespaces come from the signature and the files: they are shown, and must not steer a terminal.
Finding problem(Problem what, const std::string& why) { return {what, one_line(why, 500), "", ""}; }

bool is_security_key(KeyKind kind) { return kind == KeyKind::sk_ed25519 || kind == KeyKind::sk_ecdsa; }

/// False when something is missing or left over.
bool read_inner(std::string_view blob, bool security_key, Inner& out) {
  ssh::WireReader reader(blob);
  const auto algorithm = reader.string(), bytes = reader.string();
  if (!algorithm || !bytes) return false;
  out.algorithm = *algorithm;
  out.bytes = *bytes;
  out.security_key = security_key;
  if (security_key) {
    const auto flags = reader.byte();
    const auto counter = reader.uint32();
    if (!flags || !counter) return false;
    out.flags = *flags;
    out.counter = *counter;
  }
  return reader.done();
}

/// What the algorithm's name has to be for a key: its type; for RSA one of the two that hash with SHA-2.
bool fits(const PublicKey& key, const std::string& algorithm) {
  return key.kind == KeyKind::rsa ? algorithm == "rsa-sha2-256" || algorithm == "rsa-sha2-512" : algorithm == key.type;
}

/// A security key signs no message of ours, but what the standard of such keys makes of it.
std::string touched_bytes(const PublicKey& key, const Inner& inner, std::string_view message) {
  std::string out = digest(Hash::sha256, key.application);
  out += static_cast<char>(inner.flags);
  return out + ssh::wire_uint32(inner.counter) + digest(Hash::sha256, message);
}

Finding check_bytes(const Signature& signature, std::string_view message) {
  const PublicKey key = parse_public_key(signature.public_key);
  Inner inner;
  if (!read_inner(signature.signature, is_security_key(key.kind), inner)) return problem(Problem::malformed, "this is no SSH signature: its last field is malformed");
  if (!fits(key, inner.algorithm)) {
    if (key.kind == KeyKind::rsa && inner.algorithm == "ssh-rsa") return problem(Problem::unsupported, "it is an RSA signature with SHA-1; sign with rsa-sha2-512 or rsa-sha2-256");
    return problem(Problem::unsupported, "its algorithm '" + inner.algorithm + "' does not belong to its key of type " + key.type);
  }
  const std::string plain = signed_bytes(signature, message);
  const std::string bytes = inner.security_key ? touched_bytes(key, inner, plain) : plain;
  if (!verify_bytes(key, inner.algorithm == "rsa-sha2-256" ? Hash::sha256 : Hash::sha512, inner.bytes, bytes))
    return problem(Problem::altered, "the signature does not belong to this text: one of the two was altered");
  if (inner.security_key && (inner.flags & kUserPresent) == 0)
    return problem(Problem::untouched, "the security key signed without being touched; make the key without no-touch-required");
  return {};
}

Finding check_integrity(const Question& q, Signature& signature) {
  try {
    signature = parse_sshsig(q.signature);
    if (signature.name_space != q.name_space)
      return problem(Problem::wrong_namespace, "it was made in the namespace '" + signature.name_space + "', for another purpose; sign with: ssh-keygen -Y sign -n " + std::string(q.name_space));
    return check_bytes(signature, q.message);
  } catch (const Error& error) {
    return problem(error.code() == ErrorCode::unsupported ? Problem::unsupported : Problem::malformed, error.what());
  }
}

std::string at_line(const AllowedSigner& signer) { return " (line " + std::to_string(signer.line) + ")"; }

/// Whether one line lets this key sign: what stands against it.
Finding check_line(const Question& q, const AllowedSigner& signer) {
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(q.now);
  if (signer.namespaces && !matches(*signer.namespaces, q.name_space))
    return problem(Problem::not_for_this, "its key may not sign in the namespace '" + std::string(q.name_space) + "'" + at_line(signer));
  if (signer.valid_after && now < *signer.valid_after) return problem(Problem::not_yet_valid, "its key is valid from " + to_rfc3339(*signer.valid_after) + " on" + at_line(signer));
  if (signer.valid_before && now > *signer.valid_before) return problem(Problem::key_expired, "its key expired at " + to_rfc3339(*signer.valid_before) + at_line(signer));
  return {};
}

/// The key belongs to nobody, or to others: who, so far as it can be said.
Finding nobody(const Question& q, const std::string& key) {
  const auto& all = q.allowed.signers;
  const auto others = std::find_if(all.begin(), all.end(), [&](const AllowedSigner& s) { return s.key == key && !s.certificate_authority; });
  const std::string name(q.principal);
  if (others != all.end()) return problem(Problem::other_principal, "its key is not " + name + "'s; it is listed for " + others->principals + at_line(*others));
  const auto authority = std::find_if(all.begin(), all.end(), [&](const AllowedSigner& s) { return s.certificate_authority && matches(s.principals, name); });
  const std::string more = authority == all.end() ? "" : "; the cert-authority line " + std::to_string(authority->line) + " is not honoured, certificates are not taken";
  return problem(Problem::unknown_key, "its key is not listed for " + name + " or anybody" + more);
}

Finding check_signer(const Question& q, const std::string& key) {
  if (q.revoked.contain(key)) return problem(Problem::revoked, "its key is revoked");
  std::optional<Finding> closest;
  for (const AllowedSigner& signer : q.allowed.signers) {
    if (signer.key != key || signer.certificate_authority || !matches(signer.principals, q.principal)) continue;
    Finding finding = check_line(q, signer);
    if (finding.good()) return finding;
    if (!closest) closest = std::move(finding);
  }
  return closest ? *closest : nobody(q, key);
}
}  // namespace

std::string_view to_string(Problem what) {
  switch (what) {
    case Problem::none: return "none";
    case Problem::malformed: return "malformed_signature";
    case Problem::wrong_namespace: return "wrong_namespace";
    case Problem::unsupported: return "unsupported_key";
    case Problem::untouched: return "untouched";
    case Problem::altered: return "altered";
    case Problem::revoked: return "key_revoked";
    case Problem::unknown_key: return "unknown_key";
    case Problem::other_principal: return "other_principal";
    case Problem::not_for_this: return "key_not_for_this";
    case Problem::not_yet_valid: return "key_not_yet_valid";
    case Problem::key_expired: return "key_expired";
  }
  return "none";
}

bool may_sign(const AllowedSigners& allowed, const RevokedKeys& revoked, std::string_view principal, std::string_view name_space, TimePoint now) {
  const Question q{"", "", name_space, principal, allowed, revoked, now};
  return std::any_of(allowed.signers.begin(), allowed.signers.end(), [&](const AllowedSigner& s) {
    return !s.certificate_authority && matches(s.principals, principal) && !revoked.contain(s.key) && check_line(q, s).good();
  });
}

Finding verify(const Question& q) {
  Signature signature;
  Finding finding = check_integrity(q, signature);
  if (finding.good()) finding = check_signer(q, signature.public_key);
  if (!signature.public_key.empty()) {
    finding.fingerprint = fingerprint(signature.public_key);
    finding.key_type = key_type(signature.public_key);
  }
  return finding;
}

}  // namespace deploy::sshsig
