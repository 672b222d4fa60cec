#include "sshsig/public_key.hpp"

#include <algorithm>

#include "deploy/error.hpp"
#include "sshsig/crypto.hpp"
#include "support/hash.hpp"
#include "support/one_line.hpp"
#include "support/wire.hpp"

namespace deploy::sshsig {

namespace {
using ssh::WireReader;
constexpr std::string_view kKeyBlank = " \t\r\n";
constexpr std::size_t kEd25519Size = 32;

[[noreturn]] void malformed_key(const std::string& type) { throw Error(ErrorCode::invalid_argument, "signature", "malformed_key public key of type '" + type + "'"); }

std::string field(WireReader& reader, const std::string& type) {
  const auto value = reader.string();
  if (!value) malformed_key(type);
  return std::string(*value);
}

/// A non-negative number of any size, as its bytes without leading zeros.
std::string number(WireReader& reader, const std::string& type) {
  const std::string bytes = field(reader, type);
  if (!bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80) != 0) malformed_key(type);
  const std::size_t first = bytes.find_first_not_of('\0');
  return first == std::string::npos ? "" : bytes.substr(first);
}

std::size_t bits_of(const std::string& magnitude) {
  if (magnitude.empty()) return 0;
  std::size_t bits = magnitude.size() * 8;
  for (unsigned top = static_cast<unsigned char>(magnitude.front()); (top & 0x80) == 0; top <<= 1) --bits;
  return bits;
}

std::size_t coordinate_size(const std::string& curve) { return curve == "nistp256" ? 32 : curve == "nistp384" ? 48 : curve == "nistp521" ? 66 : 0; }

void read_ed25519(WireReader& reader, PublicKey& key) {
  key.point = field(reader, key.type);
  if (key.point.size() != kEd25519Size) malformed_key(key.type);
}

void read_ecdsa(WireReader& reader, PublicKey& key, std::string_view curve) {
  key.curve = field(reader, key.type);
  key.point = field(reader, key.type);
  if (key.curve != curve || key.point.size() != 1 + 2 * coordinate_size(key.curve) || key.point.front() != 4) malformed_key(key.type);
}

void read_rsa(WireReader& reader, PublicKey& key) {
  key.exponent = number(reader, key.type);
  key.modulus = number(reader, key.type);
  if (key.exponent.empty() || key.exponent.size() > 8) malformed_key(key.type);
  const std::size_t bits = bits_of(key.modulus);
  if (bits < kMinRsaBits || bits > kMaxRsaBits)
    throw Error(ErrorCode::unsupported, "signature", "an RSA key of " + std::to_string(bits) + " bits; " + std::to_string(kMinRsaBits) + " are the least that is taken");
}

[[noreturn]] void not_taken(const std::string& claimed) {
  const std::string type = one_line(claimed, 100);  // a blob may call itself anything
  if (type.find("-cert-v01@openssh.com") != std::string::npos)
    throw Error(ErrorCode::unsupported, "signature", "the key is a certificate (" + type + "); certificates are not taken, list the key itself");
  throw Error(ErrorCode::unsupported, "signature", "keys of type '" + type + "' are not taken; use ed25519, ECDSA, RSA, or a security key");
}
}  // namespace

PublicKey parse_public_key(std::string_view blob) {
  WireReader reader(blob);
  PublicKey key;
  key.type = field(reader, "(none)");
  if (key.type == "ssh-ed25519") {
    key.kind = KeyKind::ed25519;
    read_ed25519(reader, key);
  } else if (key.type == "ecdsa-sha2-nistp256" || key.type == "ecdsa-sha2-nistp384" || key.type == "ecdsa-sha2-nistp521") {
    key.kind = KeyKind::ecdsa;
    read_ecdsa(reader, key, std::string_view(key.type).substr(std::string_view("ecdsa-sha2-").size()));
  } else if (key.type == "ssh-rsa") {
    key.kind = KeyKind::rsa;
    read_rsa(reader, key);
  } else if (key.type == "sk-ssh-ed25519@openssh.com") {
    key.kind = KeyKind::sk_ed25519;
    read_ed25519(reader, key);
    key.application = field(reader, key.type);
  } else if (key.type == "sk-ecdsa-sha2-nistp256@openssh.com") {
    key.kind = KeyKind::sk_ecdsa;
    read_ecdsa(reader, key, "nistp256");
    key.application = field(reader, key.type);
  } else {
    not_taken(key.type);
  }
  if (!reader.done()) malformed_key(key.type);
  return key;
}

std::string key_type(std::string_view blob) { return std::string(WireReader(blob).string().value_or("")); }

std::string fingerprint(std::string_view blob) {
  std::string text = base64(digest(Hash::sha256, blob));
  while (!text.empty() && text.back() == '=') text.pop_back();
  return "SHA256:" + text;
}

std::optional<std::string> key_of_line(std::string_view words) {
  words.remove_prefix(std::min(words.find_first_not_of(kKeyBlank), words.size()));
  const std::string_view type = words.substr(0, words.find_first_of(kKeyBlank));
  words.remove_prefix(type.size());
  words.remove_prefix(std::min(words.find_first_not_of(kKeyBlank), words.size()));
  const std::string_view encoded = words.substr(0, words.find_first_of(kKeyBlank));
  if (type.empty() || encoded.empty()) return std::nullopt;
  try {
    std::string blob = base64_decode(encoded);
    if (key_type(blob) == type) return blob;
  } catch (const Error&) {  // no base64: no key
  }
  return std::nullopt;
}

}  // namespace deploy::sshsig
