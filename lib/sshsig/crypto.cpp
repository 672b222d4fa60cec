#include "sshsig/crypto.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

#include "deploy/error.hpp"
#include "support/scope_exit.hpp"
#include "support/wire.hpp"

namespace deploy::sshsig {

namespace {
template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept { Free(object); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

const EVP_MD* md(Hash hash) {
  switch (hash) {
    case Hash::sha256: return EVP_sha256();
    case Hash::sha384: return EVP_sha384();
    case Hash::sha512: return EVP_sha512();
  }
  return nullptr;
}

Number number(std::string_view magnitude) { return Number(BN_bin2bn(bytes(magnitude), static_cast<int>(magnitude.size()), nullptr)); }

/// nullptr when the parts make no key (a point that is not on its curve).
Pkey made_of(const char* algorithm, OSSL_PARAM* params) {
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) return nullptr;
  return Pkey(key);
}

Pkey ecdsa_key(const PublicKey& key) {
  std::string group = key.curve == "nistp256" ? "P-256" : key.curve == "nistp384" ? "P-384" : "P-521";
  std::string point = key.point;
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()), OSSL_PARAM_construct_end()};
  return made_of("EC", params);
}

Pkey rsa_key(const PublicKey& key) {
  const Number n = number(key.modulus), e = number(key.exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  return params ? made_of("RSA", params.get()) : nullptr;
}

bool holds(const Pkey& key, const EVP_MD* hash, std::string_view signature, std::string_view message) {
  const DigestContext context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

/// SSH writes the two numbers one after the other; libcrypto wants them in DER. "" when they are no two numbers.
std::string der_of(std::string_view signature) {
  ssh::WireReader reader(signature);
  const auto r = reader.string(), s = reader.string();
  const auto negative = [](std::string_view n) { return n.empty() || (static_cast<unsigned char>(n.front()) & 0x80) != 0; };
  if (!r || !s || !reader.done() || negative(*r) || negative(*s)) return "";
  const EcdsaSignature pair(ECDSA_SIG_new());
  Number first = number(*r), second = number(*s);
  if (!pair || !first || !second || ECDSA_SIG_set0(pair.get(), first.get(), second.get()) != 1) return "";
  static_cast<void>(first.release());  // the pair owns them now
  static_cast<void>(second.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return "";
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Hash hash_of(const std::string& curve) { return curve == "nistp256" ? Hash::sha256 : curve == "nistp384" ? Hash::sha384 : Hash::sha512; }

bool verify_rsa(const PublicKey& key, Hash hash, std::string_view signature, std::string_view message) {
  if (signature.size() > key.modulus.size()) return false;
  std::string padded(key.modulus.size() - signature.size(), '\0');  // some signers leave leading zeros away
  return holds(rsa_key(key), md(hash), padded.append(signature), message);
}
}  // namespace

std::string digest(Hash hash, std::string_view text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out, &size, md(hash), nullptr) != 1) throw Error(ErrorCode::internal, "signature", "libcrypto refused to hash");
  return {reinterpret_cast<char*>(out), size};
}

bool verify_bytes(const PublicKey& key, Hash rsa_hash, std::string_view signature, std::string_view message) {
  const ScopeExit quiet([] { ERR_clear_error(); });  // a refusal leaves notes behind, which the next user of libcrypto in this thread would take for its own
  switch (key.kind) {
    case KeyKind::ed25519:
    case KeyKind::sk_ed25519:
      return holds(Pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(key.point), key.point.size())), nullptr, signature, message);
    case KeyKind::ecdsa:
    case KeyKind::sk_ecdsa: {
      const std::string der = der_of(signature);
      return !der.empty() && holds(ecdsa_key(key), md(hash_of(key.curve)), der, message);
    }
    case KeyKind::rsa: return verify_rsa(key, rsa_hash, signature, message);
  }
  return false;
}

}  // namespace deploy::sshsig
