// The program's own ports as C++ ones.
#pragma once

#include <functional>
#include <memory>

#include "capi/call.hpp"
#include "deploy/deployer.hpp"

namespace deploy::capi {

/// The ports of a deployer's options. From construction on it owns each table's user_data.
class GivenPorts {
 public:
  explicit GivenPorts(const deploy_deployer_options &options) noexcept;

  /// Makes adapters of them. Throws Error{invalid_argument} for a table that has a wrong size or lacks a function; its detail `argument`
  /// names the function.
  void into(DeployerOptions &options) &&;

 private:
  const deploy_deployer_options &given_;
  Owner store_, engine_, prober_, secrets_, clock_, check_;
};

// port_store.cpp, port_engine.cpp
[[nodiscard]] std::unique_ptr<LedgerStore> make_store(const deploy_ledger_store &given, Owner owner);
[[nodiscard]] std::unique_ptr<Fleet> make_fleet(const deploy_engine &given, Owner owner);

/// A function that a table must have.
template <class Function>
void demand(Function function, const char *name) {
  if (!function) fail_null(name);
}

}  // namespace deploy::capi
