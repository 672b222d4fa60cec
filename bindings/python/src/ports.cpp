#include "ports.hpp"

#include <condition_variable>

#include "shapes_config.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

namespace {

class PythonPort {
 public:
  PythonPort(Held object, std::shared_ptr<Session> session) : object_(std::move(object)), session_(std::move(session)) {}

 protected:
  Held object_;
  std::shared_ptr<Session> session_;
};

class PythonProber final : public Prober, PythonPort {
 public:
  using PythonPort::PythonPort;

  ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override {
    return session_->port("prober.attempt", [&] {
      const py::object found = object_->attr("attempt")(to_python(probe), to_python(target.host), to_python(target.container), Limits{limits.timeout, limits.stop});
      if (!py::isinstance(found, model("ProbeAnswer"))) return from_python<ProbeTry>(found, {"prober.attempt", "result"});
      return ProbeTry{.time = {}, .latency = {}, .answer = from_python<ProbeAnswer>(found, {"prober.attempt"}), .detail = {}};
    });
  }
};

class PythonCheck final : public ApprovalCheck, PythonPort {
 public:
  using PythonPort::PythonPort;

  std::string objection(const Decision& decision, const CallLimits& limits) override {
    return session_->port("approval_check.objection", [&] {
      const py::object said = object_->attr("objection")(to_python(decision), Limits{limits.timeout, limits.stop});
      return said.is_none() ? std::string() : from_python<std::string>(said, {"approval_check.objection", "result"});
    });
  }
};

class PythonClock final : public Clock, PythonPort {
 public:
  using PythonPort::PythonPort;

  TimePoint now() override {
    return session_->port("clock.now", [&] { return from_python<TimePoint>(object_->attr("now")(), {"clock.now", "result"}); });
  }

  std::chrono::milliseconds elapsed() override {
    return session_->port("clock.elapsed", [&] { return from_python<std::chrono::milliseconds>(object_->attr("elapsed")(), {"clock.elapsed", "result"}); });
  }

  void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override {
    session_->port("clock.sleep", [&] { object_->attr("sleep")(to_python(duration), Limits{duration, stop}); });
  }

  bool passes_by_itself() const noexcept override {
    try {
      return session_->port("clock.passes_by_itself", [&] { return from_python<bool>(object_->attr("passes_by_itself"), {"clock.passes_by_itself"}); });
    } catch (const Error&) {
      return true;
    }
  }
};

EventSink make_sink(const py::object& callback, const std::shared_ptr<Session>& session) {
  if (callback.is_none()) return {};
  return [held = hold(callback), session](const Event& event) {  // what it raises cancels the call and comes out of it: the library sees to that
    const py::gil_scoped_acquire gil;
    const Turn::Callback inside(session->turn());
    (*held)(to_python(event));
  };
}

std::function<Secret(const SecretSource&)> make_secrets(const py::object& callback, const std::shared_ptr<Session>& session) {
  if (callback.is_none()) return {};
  return [held = hold(callback), session](const SecretSource& source) {
    return session->port("secrets", [&] { return Secret(from_python<std::string>((*held)(to_python(source)), {"secrets", "result"})); });
  };
}

template <class Port, class Made>
std::unique_ptr<Port> make(const py::object& object, const std::shared_ptr<Session>& session) {
  if (object.is_none()) return nullptr;
  return std::make_unique<Made>(hold(object), session);
}

/// For a prober or clock that has to wait: True as soon as it should stop.
bool wait(const Limits& limits, const py::object& duration) {
  const auto time = duration_from_python(duration, {"CallLimits.wait", "duration"});
  const py::gil_scoped_release released;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, limits.stop, time, [] { return false; });
  return limits.stop.stop_requested();
}

}  // namespace

DeployerOptions make_options(std::string actor, const PythonPorts& ports, const std::shared_ptr<Session>& session) {
  DeployerOptions options;
  options.actor = std::move(actor);
  options.on_event = make_sink(ports.on_event, session);
  options.secrets = make_secrets(ports.secrets, session);
  if (!ports.ledger_store.is_none()) options.ports.store = make_python_store(hold(ports.ledger_store), session);
  options.ports.prober = make<Prober, PythonProber>(ports.prober, session);
  options.ports.approval_check = make<ApprovalCheck, PythonCheck>(ports.approval_check, session);
  options.ports.clock = make<Clock, PythonClock>(ports.clock, session);
  return options;
}

void define_limits(py::module_& module) {
  py::class_<Limits>(module, "CallLimits", "How long a port's call may take, and whether it is to stop.")
      .def_property_readonly(
          "timeout", [](const Limits& limits) { return duration_to_python(limits.timeout); }, "How long the call may take.")
      .def_property_readonly(
          "stop_requested", [](const Limits& limits) { return limits.stop.stop_requested(); }, "True once the call is to stop.")
      .def("wait", &wait, py::arg("duration"), "Waits so long, or until the call is to stop. True when it is.");
}

}  // namespace deploy::python
