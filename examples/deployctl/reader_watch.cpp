#include "reader_watch.hpp"

#include <poll.h>
#include <unistd.h>

namespace deployctl {

namespace {

constexpr int kLookEveryMs = 200;

/// Nothing is asked for, so what is reported is an error, a hang-up or a closed descriptor.
bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, kLookEveryMs) == 1;
}

}  // namespace

ReaderWatch::ReaderWatch(deploy_deployer *deployer) : thread_([this, deployer] { run(deployer); }) {}

ReaderWatch::~ReaderWatch() {
  stop_ = true;
  thread_.join();
}

void ReaderWatch::run(deploy_deployer *deployer) {
  while (!stop_) {
    if (!reader_is_gone()) continue;
    left_ = true;
    deploy_deployer_cancel(deployer);
    return;
  }
}

}  // namespace deployctl
