// A stream through a session: what is asked for, and what becomes of it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "deploy/call.hpp"

namespace deploy::ssh {

struct StreamRequest {
  enum class Kind { exec, tcp };
  Kind kind = Kind::exec;
  std::string command;  ///< exec: the line for the login shell
  std::string host;     ///< tcp
  std::uint16_t port = 0;
};

[[nodiscard]] std::string describe(const StreamRequest& request);

/// Written by whoever carries the stream, read by whoever uses it. Thread-safe.
class StreamState {
 public:
  void set_opened();
  void set_failed(std::exception_ptr why);  ///< it never opened, and is closed
  void add_error_output(std::string_view text);
  void set_closed(std::optional<int> exit_code, const std::string& trouble);

  [[nodiscard]] bool opened() const;
  [[nodiscard]] std::exception_ptr failure() const;
  [[nodiscard]] std::string diagnosis() const;
  [[nodiscard]] std::string error_output() const;
  [[nodiscard]] std::optional<int> exit_code() const;
  [[nodiscard]] std::string trouble() const;
  /// False when the limits came first.
  [[nodiscard]] bool wait_closed(const CallLimits& limits) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  bool opened_ = false;
  bool closed_ = false;
  std::exception_ptr failure_;
  std::string error_output_;
  std::optional<int> exit_code_;
  std::string trouble_;
};

}  // namespace deploy::ssh
