#include "ssh/brief_agent.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <fstream>

#include "ssh/shell_quote.hpp"
#include "support/deadline.hpp"
#include "support/sigpipe_guard.hpp"

namespace deploy::ssh {

namespace {

constexpr int kAgentPollMs = 5;
constexpr std::chrono::milliseconds kAgentStart{5'000};

UniqueFd null_device() { return UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC)); }

bool wait_for_file(const std::string& path, std::chrono::milliseconds patience) {
  const auto deadline = deadline_after(patience);
  while (access(path.c_str(), F_OK) != 0) {
    if (SteadyClock::now() >= deadline) return false;
    poll(nullptr, 0, kAgentPollMs);
  }
  return true;
}

}  // namespace

BriefAgent::BriefAgent(const std::string& identity, const Secret& passphrase, const CallLimits& limits) {
  start();
  write_helper();
  add_key(identity, passphrase, limits);
}

void BriefAgent::start() {
  const UniqueFd nothing = null_device();
  agent_.emplace(std::vector<std::string>{"ssh-agent", "-D", "-a", socket()}, ChildStreams{nothing.get(), nothing.get(), nothing.get()});
  if (!wait_for_file(socket(), kAgentStart)) throw Error(ErrorCode::io, "ssh", "ssh-agent does not start");
}

void BriefAgent::write_helper() const {
  const std::string pipe = folder_.path() + "/pass";
  const std::string helper = folder_.path() + "/ask";
  std::ofstream(helper) << "#!/bin/sh\nexec cat " << shell_quote({pipe}) << "\n";
  if (chmod(helper.c_str(), S_IRWXU) != 0 || mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) != 0)
    throw Error(ErrorCode::io, "ssh", "cannot prepare the passphrase's way in " + folder_.path());
}

void BriefAgent::add_key(const std::string& identity, const Secret& passphrase, const CallLimits& limits) const {
  const UniqueFd nothing = null_device();
  Child child({"ssh-add", "-q", "-t", "60", identity}, {nothing.get(), nothing.get(), nothing.get()},
              {{"SSH_AUTH_SOCK", socket()}, {"SSH_ASKPASS", folder_.path() + "/ask"}, {"SSH_ASKPASS_REQUIRE", "force"}});
  const auto deadline = deadline_after(limits.timeout);
  bool told = false;
  while (!child.exit_code()) {
    if (limits.stop.stop_requested() || SteadyClock::now() >= deadline)
      throw Error(ErrorCode::unauthorized, "ssh", "ssh-add did not take " + identity + " in time");
    // Opens only when the helper reads. A second question means that the first answer was wrong: it gets an end of file.
    const UniqueFd pipe(::open((folder_.path() + "/pass").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    const SigpipeGuard quiet;
    if (pipe && !std::exchange(told, true)) (void)!::write(pipe.get(), passphrase.reveal().data(), passphrase.reveal().size());
    pollfd ended{child.pidfd(), POLLIN, 0};
    poll(&ended, 1, kAgentPollMs);
  }
  if (*child.exit_code() != 0)
    throw Error(ErrorCode::unauthorized, "ssh", "the passphrase for " + identity + " is wrong (ssh-add did not take the key)", {{"identity", identity}});
}

}  // namespace deploy::ssh
