// What ends a command before its result.
#pragma once

#include <map>
#include <string>

#include "handle.hpp"

namespace deployctl {

/// Thrown by Session::call, and by commands that find something wrong themselves.
struct Failure {
  int exit = 1;
  std::string code, area, message;
  std::map<std::string, std::string> details;
};

[[nodiscard]] Failure failure_of(deploy_status status, const deploy_error *error);
[[nodiscard]] Failure wrong_usage(const std::string &message);

}  // namespace deployctl
