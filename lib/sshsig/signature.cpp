#include "sshsig/signature.hpp"

#include "deploy/error.hpp"
#include "sshsig/crypto.hpp"
#include "support/hash.hpp"
#include "support/wire.hpp"

namespace deploy::sshsig {

namespace {
constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----";
constexpr std::string_view kEnd = "-----END SSH SIGNATURE-----";
constexpr std::string_view kMagic = "SSHSIG";
constexpr std::uint32_t kVersion = 1;

[[noreturn]] void malformed_signature(const std::string& why) { throw Error(ErrorCode::invalid_argument, "signature", "this is no SSH signature: " + why); }

/// The base64 text between the marks, without its line ends.
std::string armored_text(std::string_view armored) {
  if (armored.size() > kMaxArmor) malformed_signature("it is longer than any");
  if (!armored.starts_with(kBegin)) malformed_signature("it does not begin with '-----BEGIN SSH SIGNATURE-----'");
  armored.remove_prefix(kBegin.size());
  const std::size_t end = armored.find(kEnd);
  if (end == std::string_view::npos) malformed_signature("the line '-----END SSH SIGNATURE-----' is missing");
  const std::string_view rest = armored.substr(end + kEnd.size());
  if (rest.find_first_not_of("\r\n") != std::string_view::npos) malformed_signature("something follows its last line");
  const std::string_view body = armored.substr(0, end);
  if (body.empty() || body.back() != '\n') malformed_signature("its last line does not stand alone");
  std::string text;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool carriage_return = body[i] == '\r' && i + 1 < body.size() && body[i + 1] == '\n';
    if (body[i] != '\n' && !carriage_return) text += body[i];
  }
  return text;
}

/// Base64 has spare bits at its end: only the one way of writing is taken, so that no byte of a signature file can be changed unseen.
std::string decoded(const std::string& text) {
  std::string bytes;
  try {
    bytes = base64_decode(text);
  } catch (const Error&) {
    malformed_signature("what stands between its marks is no base64");
  }
  if (base64(bytes) != text) malformed_signature("what stands between its marks is no proper base64");
  return bytes;
}

std::string field(ssh::WireReader& reader, const char* name) {
  const auto value = reader.string();
  if (!value) malformed_signature(std::string("it ends before its ") + name);
  return std::string(*value);
}
}  // namespace

Signature parse_sshsig(std::string_view armored) {
  const std::string bytes = decoded(armored_text(armored));
  if (!bytes.starts_with(kMagic)) malformed_signature("its content does not begin with SSHSIG");
  ssh::WireReader reader(std::string_view(bytes).substr(kMagic.size()));
  if (reader.uint32() != kVersion) malformed_signature("its version is not 1");
  Signature out;
  out.public_key = field(reader, "public key");
  out.name_space = field(reader, "namespace");
  out.reserved = field(reader, "reserved field");
  out.hash = field(reader, "hash algorithm");
  out.signature = field(reader, "signature");
  if (!reader.done()) malformed_signature("bytes follow its last field");
  if (out.name_space.empty()) malformed_signature("its namespace is empty");
  if (out.hash != "sha256" && out.hash != "sha512") malformed_signature("its hash algorithm is neither sha256 nor sha512");
  return out;
}

std::string signed_bytes(const Signature& s, std::string_view message) {
  const std::string hash = digest(s.hash == "sha512" ? Hash::sha512 : Hash::sha256, message);
  return std::string(kMagic) + ssh::wire_string(s.name_space) + ssh::wire_string(s.reserved) + ssh::wire_string(s.hash) + ssh::wire_string(hash);
}

}  // namespace deploy::sshsig
