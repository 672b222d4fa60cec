// What the calls of one deployer share: its turn, and what a port of Python raised during the running call.
#pragma once

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "convert.hpp"
#include "deploy/deployment.hpp"
#include "errors.hpp"
#include "turn.hpp"

namespace deploy::python {

class Session {
 public:
  explicit Session(std::shared_ptr<Turn> turn) : turn_(std::move(turn)) {}

  [[nodiscard]] Turn& turn() const noexcept { return *turn_; }

  /// Calls a port. The library learns of what it raises as an Error, which it treats as any port's; the first one is kept for the caller.
  template <class F>
  auto port(const char* name, F&& body) {
    const py::gil_scoped_acquire gil;
    const Turn::Callback inside(*turn_);
    try {
      return body();
    } catch (py::error_already_set& raised) {
      Error error = error_from_python(raised, name);
      keep(std::make_exception_ptr(std::move(raised)));
      throw error;
    } catch (const py::builtin_exception& wrong) {  // what a port returned is of another type than it should be
      Error error(ErrorCode::internal, "port", std::string(name) + ": " + wrong.what(), {{"port", name}});
      wrong.set_error();
      keep(std::make_exception_ptr(py::error_already_set()));
      throw error;
    }
  }

  /// Runs one call of the deployer. What a port raised comes out of it as itself, unless the call succeeded in spite of it.
  template <class F>
  auto call(F&& work, const Turn::Work& cancel) {
    using Result = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<Result>) {
      attempt([&] { work(); }, cancel);
    } else {
      std::optional<Result> result;
      attempt([&] { result.emplace(work()); }, cancel);
      py::object made = to_python(*result);
      if (!succeeded(*result)) raise_kept(made);
      return made;
    }
  }

  /// The same without a result.
  void attempt(const Turn::Work& work, const Turn::Work& cancel);

 private:
  void keep(std::exception_ptr raised) noexcept;
  void raise_kept(const py::object& ended);

  [[nodiscard]] static bool succeeded(const Deployment& done) { return done.outcome == Outcome::succeeded; }
  [[nodiscard]] static bool succeeded(const std::vector<Deployment>& done) {
    return std::all_of(done.begin(), done.end(), [](const Deployment& one) { return succeeded(one); });
  }
  template <class T>
  [[nodiscard]] static bool succeeded(const T&) {
    return true;
  }

  std::shared_ptr<Turn> turn_;
  std::mutex mutex_;
  std::exception_ptr kept_;
};

}  // namespace deploy::python
