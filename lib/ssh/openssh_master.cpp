#include "ssh/openssh_master.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "ssh/brief_agent.hpp"
#include "ssh/file_text.hpp"
#include "ssh/key_file.hpp"
#include "ssh/local_user.hpp"
#include "support/pause.hpp"

namespace deploy::ssh {

namespace {

constexpr int kMasterPollMs = 5;

/// The host hung up before it had shown who it is.
bool hung_up_at_once(const Error& error) {
  const auto words = error.details().find("stderr");
  if (words == error.details().end() || words->second.find("kex_exchange_identification: ") == std::string::npos) return false;
  return words->second.find("Connection closed") != std::string::npos || words->second.find("Connection reset") != std::string::npos;
}

}  // namespace

OpensshMaster::OpensshMaster(const Target& target, const Options& options) : target_(target), options_(options) {}

void OpensshMaster::ensure(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (child_ && !child_->exit_code()) return;
  start(stop);
}

bool OpensshMaster::gone(std::chrono::milliseconds moment) {
  const std::lock_guard lock(mutex_);
  if (!child_) return true;
  pollfd ended{child_->pidfd(), POLLIN, 0};
  poll(&ended, 1, static_cast<int>(moment.count()));
  return child_->exit_code().has_value();
}

std::string OpensshMaster::last_words() { return plain_messages(read_log(files_.master_log())); }

std::string OpensshMaster::last_open_failure() { return ssh::last_open_failure(read_log(files_.master_log())); }

void OpensshMaster::start(const std::stop_token& stop) {
  for (int tries = 1;; ++tries) {
    try {
      return start_once(stop);
    } catch (const Error& error) {
      if (!hung_up_at_once(error) || options_.jump) throw;
      if (tries >= options_.tries) throw Error(error.code(), error.area(), std::string(error.what()) + "; tried " + std::to_string(tries) + " times", error.details());
    }
    pause(options_.pause * tries, stop);
  }
}

void OpensshMaster::start_once(const std::stop_token& stop) {
  child_.reset();
  for (const std::string& file : {files_.control(), files_.master_log(), files_.jump_log()}) ::unlink(file.c_str());
  const auto deadline = deadline_after((options_.connect_timeout + options_.handshake_timeout) * (options_.jump ? 2 : 1));
  std::optional<BriefAgent> agent;
  if (wants_passphrase()) agent.emplace(options_.identity, *options_.passphrase, CallLimits{options_.handshake_timeout, stop});
  Pipe input = make_pipe();
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  child_.emplace(master_command(target_, options_, files_, agent ? agent->socket() : ""), ChildStreams{input.read.get(), nothing.get(), nothing.get()});
  keep_alive_ = std::move(input.write);
  wait_until_up(stop, deadline);
}

// Looks at the identity before ssh does: in batch mode ssh passes over what it cannot use, and says little.
bool OpensshMaster::wants_passphrase() const {
  if (options_.identity.empty()) return false;
  const KeyFile key = inspect_key(read_key_file(options_.identity));
  const Error::Details details{{"host", to_string(target_)}, {"identity", options_.identity}};
  if (!key.valid) throw Error(ErrorCode::unauthorized, "ssh", options_.identity + " is not a private key in a known format", details);
  if (key.encrypted && !options_.passphrase && !options_.use_agent)
    throw Error(ErrorCode::unauthorized, "ssh", options_.identity + " is encrypted: give its \"passphrase\", or load it into an agent with ssh-add", details);
  return key.encrypted && options_.passphrase;
}

void OpensshMaster::wait_until_up(const std::stop_token& stop, SteadyClock::time_point deadline) {
  while (!accepts()) {
    if (child_->exit_code()) throw why_not();
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "ssh", to_string(target_) + ": the connection is not wanted any more");
    if (SteadyClock::now() >= deadline) {
      child_.reset();
      throw Error(ErrorCode::unreachable, "ssh", to_string(target_) + ": no SSH session in time; " + last_words(), {{"host", to_string(target_)}});
    }
    pollfd ended{child_->pidfd(), POLLIN, 0};
    poll(&ended, 1, kMasterPollMs);
  }
}

bool OpensshMaster::accepts() const {
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, files_.control().c_str(), sizeof address.sun_path - 1);
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Error OpensshMaster::why_not() const {
  const std::string file = known_hosts_file(options_.known_hosts);
  const std::vector<KnownHost> entries = parse_known_hosts(read_known_hosts(file));
  const std::string jump_log = read_log(files_.jump_log());
  const bool jump_failed = options_.jump && !plain_messages(jump_log).empty();
  if (!jump_failed) return connect_error(read_log(files_.master_log()), target_, file, entries);
  const Error cause = connect_error(jump_log, *options_.jump, file, entries);
  return Error(cause.code(), "ssh", to_string(target_) + " through its jump host: " + cause.what(), cause.details());
}

}  // namespace deploy::ssh
