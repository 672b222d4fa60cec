#include "soft_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <vector>

#include "sshsig/crypto.hpp"
#include "sshsig/public_key.hpp"
#include "support/hash.hpp"
#include "support/wire.hpp"

namespace deploy::test {

using sshsig::digest;
using sshsig::Hash;
using ssh::wire_string;

struct SoftKey::Handle {
  EVP_PKEY* value = nullptr;
  ~Handle() { EVP_PKEY_free(value); }
};

namespace {
bool is_security_key(const std::string& type) { return type.starts_with("sk-"); }

EVP_PKEY* generate(const std::string& type, int rsa_bits) {
  if (type.find("ed25519") != std::string::npos) return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (type == "ssh-rsa") return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits));
  const char* curve = type.find("256") != std::string::npos ? "P-256" : type.find("384") != std::string::npos ? "P-384" : "P-521";
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve);
}

std::string number(const BIGNUM* n) {
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
  BN_bn2bin(n, reinterpret_cast<unsigned char*>(bytes.data()));
  const bool looks_negative = !bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
  return wire_string(looks_negative ? std::string(1, '\0') + bytes : bytes);
}

std::string rsa_number(EVP_PKEY* key, const char* name) {
  BIGNUM* n = nullptr;
  EVP_PKEY_get_bn_param(key, name, &n);
  const std::string out = number(n);
  BN_free(n);
  return out;
}

std::string octets(EVP_PKEY* key) {
  std::vector<unsigned char> bytes(256);
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(), &size) != 1) throw std::runtime_error("a key without a public part");
  return {reinterpret_cast<char*>(bytes.data()), size};
}

std::string blob_of(EVP_PKEY* key, const std::string& type) {
  std::string blob = wire_string(type);
  if (type == "ssh-rsa") return blob + rsa_number(key, OSSL_PKEY_PARAM_RSA_E) + rsa_number(key, OSSL_PKEY_PARAM_RSA_N);
  if (type.find("ecdsa") != std::string::npos) blob += wire_string(type.substr(type.find("nistp"), 8));
  blob += wire_string(octets(key));
  return is_security_key(type) ? blob + wire_string("ssh:") : blob;
}

const EVP_MD* hash_for(const std::string& type, const std::string& algorithm) {
  if (type.find("ed25519") != std::string::npos) return nullptr;
  if (type == "ssh-rsa") return algorithm == "ssh-rsa" ? EVP_sha1() : algorithm == "rsa-sha2-256" ? EVP_sha256() : EVP_sha512();
  return type.find("256") != std::string::npos ? EVP_sha256() : type.find("384") != std::string::npos ? EVP_sha384() : EVP_sha512();
}

std::string two_numbers(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  const std::string out = number(ECDSA_SIG_get0_r(pair)) + number(ECDSA_SIG_get0_s(pair));
  ECDSA_SIG_free(pair);
  return out;
}
}  // namespace

SoftKey::SoftKey(const std::string& type, int rsa_bits) : key_(std::make_unique<Handle>()), type_(type) {
  key_->value = generate(type, rsa_bits);
  if (key_->value == nullptr) throw std::runtime_error("libcrypto made no key of type " + type);
  blob_ = blob_of(key_->value, type);
}
SoftKey::~SoftKey() = default;
SoftKey::SoftKey(SoftKey&&) noexcept = default;
SoftKey& SoftKey::operator=(SoftKey&&) noexcept = default;

std::string SoftKey::raw_signature(std::string_view bytes, const std::string& algorithm) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string out(4096, '\0');
  std::size_t size = out.size();
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const bool done = EVP_DigestSignInit(context, nullptr, hash_for(type_, algorithm), nullptr, key_->value) == 1 &&
                    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, data, bytes.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!done) throw std::runtime_error("libcrypto did not sign");
  out.resize(size);
  return type_.find("ecdsa") != std::string::npos ? two_numbers(out) : out;
}

std::string SoftKey::sign(std::string_view text, const How& how) const {
  const std::string head = wire_string(how.name_space) + wire_string("") + wire_string(how.hash);
  const std::string message = "SSHSIG" + head + wire_string(digest(how.hash == "sha256" ? Hash::sha256 : Hash::sha512, text));
  const std::string usual = type_ == "ssh-rsa" ? "rsa-sha2-512" : type_;
  const std::string algorithm = how.algorithm.empty() ? usual : how.algorithm;
  const std::string extra = is_security_key(type_) ? std::string(1, static_cast<char>(how.flags)) + ssh::wire_uint32(7) : "";
  const std::string bytes = is_security_key(type_) ? digest(Hash::sha256, "ssh:") + extra + digest(Hash::sha256, message) : message;
  const std::string inner = wire_string(algorithm) + wire_string(raw_signature(bytes, algorithm)) + extra;
  return armored("SSHSIG" + ssh::wire_uint32(1) + wire_string(blob_) + head + wire_string(inner) + how.appended);
}

std::string SoftKey::line() const { return type_ + " " + base64(blob_); }
std::string SoftKey::fingerprint() const { return sshsig::fingerprint(blob_); }

std::string armored(std::string_view bytes) {
  constexpr std::size_t kWidth = 70;
  const std::string text = base64(bytes);
  std::string out = "-----BEGIN SSH SIGNATURE-----\n";
  for (std::size_t i = 0; i < text.size(); i += kWidth) out += text.substr(i, kWidth) + "\n";
  return out + "-----END SSH SIGNATURE-----\n";
}

}  // namespace deploy::test
