// What every command works with.
#pragma once

#include <memory>
#include <string>

#include "arguments.hpp"
#include "failure.hpp"
#include "handle.hpp"
#include "interrupt.hpp"
#include "json.hpp"
#include "progress.hpp"
#include "screen.hpp"

namespace deployctl {

class Session {
 public:
  Session(Arguments arguments, Screen &screen, Interrupt &interrupt);
  ~Session();

  const Arguments args;
  Screen &screen;
  JsonObject result;  ///< what the command adds to its result line

  /// Loaded when first asked for. Failures end with exit code 2.
  [[nodiscard]] deploy_config *config();
  /// Made when first asked for; Ctrl-C cancels it.
  [[nodiscard]] deploy_deployer *deployer();
  [[nodiscard]] bool interrupted() { return interrupt_.requested(); }

  /// `call` takes a deploy_error ** and returns a status. A negative one is thrown as a Failure.
  template <class Call>
  deploy_status call(Call &&call) {
    Error error;
    const deploy_status status = call(error.out());
    if (status < 0) throw failure_of(status, error.get());
    return status;
  }

  /// A command line for the person to copy, with the configuration that this one uses.
  [[nodiscard]] std::string command_line(const std::string &words) const;

 private:
  Interrupt &interrupt_;
  Config config_;
  std::unique_ptr<Progress> progress_;
  Deployer deployer_;
};

/// NULL where the option was not given.
[[nodiscard]] inline const char *or_null(const std::string &text) { return text.empty() ? nullptr : text.c_str(); }

/// Who acts, unless --as says so: the user's name.
[[nodiscard]] std::string user_name();

}  // namespace deployctl
