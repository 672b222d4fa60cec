// Who may call: one thread at a time. The waiting main thread hears Ctrl-C; a callback does not call back.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "python.hpp"

namespace deploy::python {

/// Taken by each call of a deployer; the deployers of one simulated world share theirs.
class Turn {
 public:
  using Work = std::function<void()>;

  /// Runs `work` without the GIL, when nobody else's runs. In Python's main thread the work gets a thread of its own, so that signals are
  /// handled meanwhile: what a handler raises (KeyboardInterrupt) is raised here once `cancel` has ended the work.
  void run(const Work& work, const Work& cancel);

  /// Without the GIL: returns when nobody's work runs; `cancel` is called until then.
  void wait(const Work& cancel);

  /// Stands on the stack while Python is called back.
  class Callback {
   public:
    explicit Callback(const Turn& turn) : outer_(inside) { inside = &turn; }
    ~Callback() { inside = outer_; }
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

   private:
    const Turn* outer_;
  };

  /// True in a callback of a call that has this turn.
  [[nodiscard]] bool is_inside() const noexcept { return inside == this; }

 private:
  void run_interruptibly(const Work& work, const Work& cancel);

  static thread_local const Turn* inside;
  std::timed_mutex mutex_;
};

}  // namespace deploy::python
