#include "ssh/key_file.hpp"

#include <openssl/crypto.h>

#include "deploy/error.hpp"
#include "ssh/known_hosts.hpp"
#include "support/hash.hpp"
#include "support/wire.hpp"

namespace deploy::ssh {

namespace {

constexpr std::string_view kMagic("openssh-key-v1\0", 15);

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end);
  if (from == std::string_view::npos || to == std::string_view::npos || to < from + begin.size()) return {};
  return text.substr(from + begin.size(), to - from - begin.size());
}

KeyFile inspect_openssh(std::string_view body) {
  std::string compact;
  for (const char c : body)
    if (c != '\n' && c != '\r' && c != ' ') compact += c;
  std::string blob;
  try {
    blob = base64_decode(compact);
  } catch (const Error&) {  // not a key, then: said by `valid`
    return {};
  }
  if (!std::string_view(blob).starts_with(kMagic)) return {};
  WireReader reader(std::string_view(blob).substr(kMagic.size()));
  const auto cipher = reader.string();
  const auto kdf = reader.string();
  const auto kdf_options = reader.string();
  const auto count = reader.uint32();
  const auto public_key = reader.string();
  const KeyFile result{public_key ? key_type(*public_key) : "", cipher && *cipher != "none",
                       cipher && kdf && kdf_options && count && public_key, public_key ? std::string(*public_key) : ""};
  OPENSSL_cleanse(blob.data(), blob.size());
  OPENSSL_cleanse(compact.data(), compact.size());
  return result;
}

}  // namespace

KeyFile inspect_key(std::string_view text) {
  const auto has = [&](std::string_view what) { return text.find(what) != std::string_view::npos; };
  if (has("-----BEGIN OPENSSH PRIVATE KEY-----"))
    return inspect_openssh(between(text, "-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----"));
  const bool encrypted = has("Proc-Type: 4,ENCRYPTED") || has("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  if (has("-----BEGIN RSA PRIVATE KEY-----")) return {"ssh-rsa", encrypted, true};
  if (has("-----BEGIN EC PRIVATE KEY-----")) return {"ecdsa", encrypted, true};
  if (has("-----BEGIN DSA PRIVATE KEY-----")) return {"ssh-dss", encrypted, true};
  if (has("-----BEGIN PRIVATE KEY-----") || encrypted) return {"", encrypted, true};
  return {};
}

std::string parse_public_key(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return "";
  const std::string_view rest = line.substr(space + 1);
  try {
    const std::string blob = base64_decode(rest.substr(0, rest.find_first_of(" \t\r\n")));
    return key_type(blob) == line.substr(0, space) ? blob : "";
  } catch (const Error&) {  // not a public key: the answer is ""
    return "";
  }
}

}  // namespace deploy::ssh
