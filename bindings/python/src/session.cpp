#include "session.hpp"

#include <utility>

namespace deploy::python {

void Session::attempt(const Turn::Work& work, const Turn::Work& cancel) {
  try {
    turn_->run(
        [&] {
          {
            const std::lock_guard lock(mutex_);
            kept_ = nullptr;
          }
          work();
        },
        cancel);
  } catch (const Error&) {
    raise_kept(py::none());
    throw;
  }
}

void Session::keep(std::exception_ptr raised) noexcept {
  const std::lock_guard lock(mutex_);
  if (!kept_) kept_ = std::move(raised);
}

void Session::raise_kept(const py::object& ended) {
  std::exception_ptr raised;
  {
    const std::lock_guard lock(mutex_);
    raised = std::exchange(kept_, nullptr);
  }
  if (!raised) return;
  try {
    std::rethrow_exception(raised);
  } catch (py::error_already_set& error) {
    if (!ended.is_none()) model("note_ending")(error.value(), ended);
    throw;
  }
}

}  // namespace deploy::python
