#include "ssh/authenticator.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "ssh/file_text.hpp"
#include "ssh/key_file.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/local_user.hpp"
#include "support/wire.hpp"

namespace deploy::ssh {

namespace {

// A server's MaxAuthTries is 6 by default; beyond that it hangs up on us.
constexpr std::size_t kMostTries = 6;
constexpr const char* kOtherClient = "\"ssh\": {\"client\": \"openssh\"} can use it";

bool is_rsa(std::string_view type) { return type == "ssh-rsa"; }

std::string rsa_explanation() {
  return std::string("is an RSA key, and libssh2 ") + libssh2_version(0) + " cannot make the RSA-SHA2 signatures that servers want (1.11 can)";
}

/// RSA signature flags of the agent protocol, by the algorithm that stands in what is to be signed (RFC 4252, 7).
std::uint32_t sign_flags(std::string_view data) {
  WireReader reader(data);
  reader.string();  // session
  reader.byte();
  for (int i = 0; i < 3; ++i) reader.string();  // user, service, "publickey"
  reader.byte();
  const std::string_view algorithm = reader.string().value_or("");
  if (algorithm == "rsa-sha2-256") return 2;
  return algorithm == "rsa-sha2-512" ? 4 : 0;
}

struct Signer {
  Agent& agent;
  const std::string& public_key;
  std::string trouble;
};

int sign_by_agent(LIBSSH2_SESSION*, unsigned char** signature, std::size_t* size, const unsigned char* data, std::size_t data_size, void** abstract) {
  auto& signer = *static_cast<Signer*>(*abstract);
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), data_size);
    const std::optional<std::string> blob = signer.agent.sign(signer.public_key, text, sign_flags(text));
    WireReader reader(blob ? std::string_view(*blob) : std::string_view());
    reader.string();  // algorithm: libssh2 writes it itself
    const std::optional<std::string_view> bare = reader.string();
    if (!bare) return -1;
    *signature = static_cast<unsigned char*>(std::malloc(bare->size()));  // libssh2 frees it
    if (*signature == nullptr) return -1;
    std::memcpy(*signature, bare->data(), bare->size());
    *size = bare->size();
    return 0;
  } catch (const std::exception& error) {  // must not cross libssh2's frames
    signer.trouble = error.what();
    return -1;
  }
}

}  // namespace

bool can_use_rsa() { return libssh2_version(0x010b00) != nullptr; }

Authenticator::Authenticator(const Target& target, const Options& options) : target_(target), options_(options) {
  user_ = target.user.empty() ? local_user().name : target.user;
  if (options_.use_agent && !options_.agent_socket.empty()) {
    try {
      agent_ = std::make_unique<Agent>(options_.agent_socket);
    } catch (const Error& error) {
      notes_.push_back(error.what());  // the key file may do without it
    }
  }
  if (!options_.identity.empty()) {
    add_identity(options_.identity);
  } else {
    add_default_files();
    add_agent_keys();
  }
}

Authenticator::~Authenticator() = default;

void Authenticator::add_identity(const std::string& path) {
  const Error::Details details{{"host", to_string(target_)}, {"identity", path}};
  const KeyFile key = inspect_key(read_key_file(path));
  if (!key.valid) throw Error(ErrorCode::unauthorized, "ssh", path + " is not a private key in a known format", details);
  if (is_rsa(key.type) && !can_use_rsa())
    throw Error(ErrorCode::unsupported, "ssh", path + " " + rsa_explanation() + "; " + kOtherClient + ", or use an ed25519 or ECDSA key", details);
  std::string public_key = key.public_key;
  if (public_key.empty() && access((path + ".pub").c_str(), R_OK) == 0) public_key = parse_public_key(read_key_file(path + ".pub"));
  const bool agent_has_it = !public_key.empty() && add_from_agent(public_key);
  if (!key.encrypted || options_.passphrase) left_.push_back({path, ""});
  else if (!agent_has_it)
    throw Error(ErrorCode::unauthorized, "ssh", path + " is encrypted: give its \"passphrase\", or load it into an agent with ssh-add", details);
}

void Authenticator::add_default_files() {
  const std::string folder = local_user().home + "/.ssh/";
  for (const char* name : {"id_ed25519", "id_ecdsa"}) {
    const std::string path = folder + name;
    if (access(path.c_str(), R_OK) != 0) continue;
    const KeyFile key = inspect_key(read_key_file(path));
    if (key.valid && (!key.encrypted || options_.passphrase)) left_.push_back({path, ""});
    else notes_.push_back(path + (key.valid ? " is encrypted and no passphrase was given" : " is in no known format"));
  }
}

void Authenticator::add_agent_keys() {
  if (!agent_) return;
  for (const std::string& key : agent_->keys()) {
    if (left_.size() >= kMostTries) break;
    if (!is_rsa(key_type(key)) || can_use_rsa()) left_.push_back({"", key});
    else notes_.push_back("the agent's " + fingerprint(key) + " " + rsa_explanation());
  }
}

bool Authenticator::add_from_agent(const std::string& public_key) {
  if (!agent_) return false;
  const std::vector<std::string> held = agent_->keys();
  if (std::find(held.begin(), held.end(), public_key) == held.end()) return false;
  left_.push_back({"", public_key});
  return true;
}

Authenticator::Step Authenticator::step(LIBSSH2_SESSION* session) {
  while (!left_.empty()) {
    const Candidate& candidate = left_.front();
    const int result = attempt(session, candidate);
    if (result == LIBSSH2_ERROR_EAGAIN) return Step::again;
    if (result == 0) return Step::accepted;
    if (result == LIBSSH2_ERROR_FILE) throw file_error(session, candidate);
    const bool answered = result == LIBSSH2_ERROR_AUTHENTICATION_FAILED || result == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;
    notes_.push_back((candidate.file.empty() ? "the agent's " + fingerprint(candidate.public_key) : candidate.file) +
                     (answered ? " was not accepted" : " could not be used"));
    left_.erase(left_.begin());
    // Anything but a plain no from the server means that the connection is gone, and the session has to say why.
    if (result == LIBSSH2_ERROR_SOCKET_DISCONNECT || result == LIBSSH2_ERROR_SOCKET_RECV || result == LIBSSH2_ERROR_SOCKET_SEND)
      throw Error(ErrorCode::unauthorized, "ssh", none_accepted().what() + std::string("; the host closed the connection"), {{"host", to_string(target_)}});
  }
  throw none_accepted();
}

int Authenticator::attempt(LIBSSH2_SESSION* session, const Candidate& candidate) {
  if (!candidate.file.empty()) {
    const char* passphrase = options_.passphrase ? options_.passphrase->reveal().c_str() : nullptr;
    return libssh2_userauth_publickey_fromfile_ex(session, user_.c_str(), static_cast<unsigned>(user_.size()), nullptr, candidate.file.c_str(), passphrase);
  }
  Signer signer{*agent_, candidate.public_key, ""};
  void* abstract = &signer;
  const int result = libssh2_userauth_publickey(session, user_.c_str(), reinterpret_cast<const unsigned char*>(candidate.public_key.data()),
                                                candidate.public_key.size(), sign_by_agent, &abstract);
  if (!signer.trouble.empty()) notes_.push_back(signer.trouble);
  return result;
}

Error Authenticator::file_error(LIBSSH2_SESSION* session, const Candidate& candidate) const {
  char* text = nullptr;
  libssh2_session_last_error(session, &text, nullptr, 0);
  const KeyFile key = inspect_key(read_key_file(candidate.file));
  const std::string why = key.encrypted ? "the passphrase for " + candidate.file + " is wrong" : candidate.file + " cannot be used";
  return Error(ErrorCode::unauthorized, "ssh", why + " (libssh2: " + (text != nullptr ? text : "") + ")" + (key.type.empty() ? std::string("; ") + kOtherClient : ""),
               {{"host", to_string(target_)}, {"identity", candidate.file}});
}

Error Authenticator::none_accepted() const {
  std::string message = to_string(target_) + ": no key was accepted for user " + user_;
  for (const std::string& note : notes_) message += "; " + note;
  if (notes_.empty()) message += ": there is none (give \"identity\" or an agent)";
  return Error(ErrorCode::unauthorized, "ssh", message, {{"host", to_string(target_)}, {"user", user_}});
}

}  // namespace deploy::ssh
