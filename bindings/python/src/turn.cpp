#include "turn.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "deploy/error.hpp"

namespace deploy::python {

namespace {

constexpr std::chrono::milliseconds kLookForSignals{50};

bool is_main_thread() {
  const py::object main = py::module_::import("threading").attr("main_thread")();
  return main.attr("ident").cast<unsigned long>() == PyThread_get_thread_ident();
}

/// What the signal handlers raised, if they did.
std::optional<py::error_already_set> raised_by_signal() {
  if (PyErr_CheckSignals() == 0) return std::nullopt;
  return std::optional<py::error_already_set>(std::in_place);
}

}  // namespace

thread_local const Turn* Turn::inside = nullptr;

void Turn::run(const Work& work, const Work& cancel) {
  if (is_inside())
    throw Error(ErrorCode::invalid_argument, "python", "a callback called the deployer whose call it belongs to; only cancel() is allowed there. Nothing was done");
  if (is_main_thread()) return run_interruptibly(work, cancel);
  const py::gil_scoped_release released;
  const std::lock_guard mine(mutex_);
  work();
}

void Turn::wait(const Work& cancel) {
  while (!mutex_.try_lock_for(kLookForSignals)) cancel();
  mutex_.unlock();
}

void Turn::run_interruptibly(const Work& work, const Work& cancel) {
  std::atomic<bool> begun = false, given_up = false;
  std::packaged_task<void()> task([&] {
    std::unique_lock mine(mutex_, std::defer_lock);
    while (!mine.try_lock_for(kLookForSignals))
      if (given_up) throw Error(ErrorCode::cancelled, "python", "interrupted while another thread used the deployer; nothing was done");
    begun = true;
    work();
  });
  std::future<void> done = task.get_future();
  std::optional<py::error_already_set> signal;
  std::thread worker(std::move(task));
  const auto is_done = [&] {
    const py::gil_scoped_release released;
    return done.wait_for(kLookForSignals) == std::future_status::ready;
  };
  while (!is_done()) {
    auto raised = raised_by_signal();
    if (!signal && raised) signal = std::move(raised);
    if (!signal) continue;
    given_up = true;
    if (begun) cancel();  // again and again: a call that had only just begun would not have heard it
  }
  {
    const py::gil_scoped_release released;
    worker.join();
  }
  if (signal) throw std::move(*signal);
  done.get();
}

}  // namespace deploy::python
