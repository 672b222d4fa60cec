// Ports that are written in Python.
#pragma once

#include <memory>

#include "deploy/deployer.hpp"
#include "session.hpp"

namespace deploy::python {

/// Where a callback is given something it may ask during the call: how long it may take, and whether to stop.
struct Limits {
  std::chrono::milliseconds timeout;
  std::stop_token stop;
};

/// The keyword arguments of a deployer; None: the built-in part.
struct PythonPorts {
  py::object on_event, ledger_store, prober, approval_check, clock, secrets;
};

[[nodiscard]] DeployerOptions make_options(std::string actor, const PythonPorts& ports, const std::shared_ptr<Session>& session);

[[nodiscard]] std::unique_ptr<LedgerStore> make_python_store(Held object, std::shared_ptr<Session> session);

void define_limits(py::module_& module);

}  // namespace deploy::python
