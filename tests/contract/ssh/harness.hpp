// The world of the SSH contract tests: the real sshd, and the adapters with what they are known to do differently.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "deploy/error.hpp"
#include "ssh/reactor.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh::testing {

using std::chrono::milliseconds;

inline const CallLimits kQuick{milliseconds(20'000), {}};

/// A variable of the test services, without the common part of its name.
inline std::string service(const std::string& name) {
  const char* value = std::getenv(("LIBDEPLOY_TEST_" + name).c_str());
  if (value == nullptr) throw std::runtime_error("LIBDEPLOY_TEST_" + name + " is not set: eval \"$(tests/support/services/services up --dir /tmp/t1)\"");
  return value;
}

inline Target target() {
  return {service("SSH_USER"), service("SSH_HOST"), static_cast<std::uint16_t>(std::stoi(service("SSH_PORT")))};
}

/// What gets a session with the test's sshd.
inline Options good_options() {
  Options options;
  options.identity = service("SSH_KEY_ED25519");
  options.known_hosts = service("KNOWN_HOSTS");
  options.use_agent = false;
  options.ssh_config = "/dev/null";
  return options;
}

struct Libssh2 {
  static constexpr const char* kName = "libssh2";
  static constexpr bool kUsesRsaKeys = false;      // libssh2 below 1.11 cannot sign with RSA-SHA2
  static constexpr bool kUsesRsaHostKeys = false;
  static constexpr int kExitCodeOfKilled = 128 + 9;
  Reactor reactor;
  std::unique_ptr<Transport> open(const Target& where, const Options& options) { return open_libssh2(reactor, where, options); }
};

struct Openssh {
  static constexpr const char* kName = "openssh";
  static constexpr bool kUsesRsaKeys = true;
  static constexpr bool kUsesRsaHostKeys = true;
  static constexpr int kExitCodeOfKilled = 255;  // the master does not hand the signal on
  std::unique_ptr<Transport> open(const Target& where, const Options& options) { return open_openssh(where, options); }
};

/// The adapters that every case is run on.
#define SSH_ADAPTERS deploy::ssh::testing::Libssh2, deploy::ssh::testing::Openssh

template <class F>
Error error_of(F call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error(ErrorCode::internal, "", "");
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

template <class F>
milliseconds time_of(F call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace deploy::ssh::testing
