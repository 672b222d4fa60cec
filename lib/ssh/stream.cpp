#include "ssh/stream.hpp"

#include "support/deadline.hpp"
#include "support/one_line.hpp"

namespace deploy::ssh {

namespace {
// Enough to say what went wrong; a program that floods its standard error must not fill our memory.
constexpr std::size_t kMostErrorOutput = 64 * 1024;
}  // namespace

std::string describe(const StreamRequest& request) {
  if (request.kind == StreamRequest::Kind::exec) return request.command;
  return request.host + " port " + std::to_string(request.port);
}

void StreamState::set_opened() {
  const std::lock_guard lock(mutex_);
  opened_ = true;
}

void StreamState::set_failed(std::exception_ptr why) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
    closed_ = true;
  }
  changed_.notify_all();
}

void StreamState::add_error_output(std::string_view text) {
  const std::lock_guard lock(mutex_);
  error_output_ += text.substr(0, kMostErrorOutput - std::min(kMostErrorOutput, error_output_.size()));
}

void StreamState::set_closed(std::optional<int> exit_code, const std::string& trouble) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    exit_code_ = exit_code;
    trouble_ = trouble;
  }
  changed_.notify_all();
}

bool StreamState::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

std::exception_ptr StreamState::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::string StreamState::error_output() const {
  const std::lock_guard lock(mutex_);
  return error_output_;
}

std::optional<int> StreamState::exit_code() const {
  const std::lock_guard lock(mutex_);
  return exit_code_;
}

std::string StreamState::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

std::string StreamState::diagnosis() const {
  const std::lock_guard lock(mutex_);
  std::string text = one_line(error_output_);
  if (!text.empty()) text = "the remote side says: " + text;
  if (exit_code_.value_or(0) != 0) text += (text.empty() ? "" : "; ") + std::string("exit code ") + std::to_string(*exit_code_);
  if (!trouble_.empty()) text += (text.empty() ? "" : "; ") + trouble_;
  return text;
}

bool StreamState::wait_closed(const CallLimits& limits) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, limits.stop, deadline_after(limits.timeout), [this] { return closed_; });
}

}  // namespace deploy::ssh
