// The deployer as a class of the module.
#pragma once

#include <memory>
#include <string>

#include "deploy/deployer.hpp"
#include "ports.hpp"
#include "session.hpp"

namespace deploy::python {

/// A deployer, until it is closed.
class OpenDeployer {
 public:
  using Open = std::function<Deployer(DeployerOptions)>;

  OpenDeployer(std::string actor, const PythonPorts& ports, std::shared_ptr<Turn> turn, const Open& open);
  ~OpenDeployer() { close(); }
  OpenDeployer(const OpenDeployer&) = delete;
  OpenDeployer& operator=(const OpenDeployer&) = delete;

  /// Runs one call and gives its result as Python knows it. Throws {invalid_argument} when the deployer is closed.
  template <class F>
  auto call(F&& work) {
    const std::shared_ptr<Deployer> deployer = opened();
    return session_->call([&] { return work(*deployer); }, [deployer] { deployer->cancel(); });
  }

  /// For what a call hands to Python while it runs.
  template <class F>
  void callback(F&& body) {
    const py::gil_scoped_acquire gil;
    const Turn::Callback inside(session_->turn());
    body();
  }

  [[nodiscard]] std::shared_ptr<Deployer> opened() const;
  void cancel() noexcept;
  /// Cancels what runs, waits for its end, and lets go of the ledger.
  void close();

 private:
  std::shared_ptr<Session> session_;
  std::shared_ptr<Deployer> deployer_;  // changed with the GIL held
};

void define_deployer(py::module_& module);

}  // namespace deploy::python
