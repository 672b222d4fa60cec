#include "promotion/narrator.hpp"

#include <utility>

namespace deploy {

void Narrator::say(EventKind kind, const Where& where, std::string message, Details details) {
  if (!sink_) return;
  const std::lock_guard lock(mutex_);
  if (thrown_) return;
  try {
    sink_({kind, clock_.now(), where.environment, where.deployment, where.host, where.step, std::move(message), std::move(details)});
  } catch (...) {  // not swallowed: the exception is the embedder's own and goes back to its caller, whatever its type
    thrown_ = std::current_exception();
    stop_.request_stop();
  }
}

void Narrator::rethrow() {
  const std::lock_guard lock(mutex_);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

}  // namespace deploy
