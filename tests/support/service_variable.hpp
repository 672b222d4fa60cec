// Variables of the running test services (tests/README.md).
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace deploy::testing {

/// A variable without the common part of its name: service("REGISTRY").
inline std::string service(const std::string& name) {
  const char* value = std::getenv(("LIBDEPLOY_TEST_" + name).c_str());
  if (value == nullptr) throw std::runtime_error("LIBDEPLOY_TEST_" + name + " is not set: eval \"$(tests/support/services/services up --dir /tmp/t1)\"");
  return value;
}

}  // namespace deploy::testing
