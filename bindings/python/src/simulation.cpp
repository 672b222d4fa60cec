// The simulator as a part of the module.
#include "deploy/simulation.hpp"

#include <atomic>

#include "deployer.hpp"
#include "module.hpp"
#include "shapes_config.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

namespace {

using simulation::Script;
using simulation::World;

/// A world and the one turn of all its deployers: in a world one thread acts at a time.
class SharedWorld {
 public:
  explicit SharedWorld(const Config& config) : world_(std::make_shared<World>(config)) {}

  template <class F>
  auto call(F&& work) {
    return Session(turn_).call([&] { return work(*world_); }, [] {});
  }

  std::unique_ptr<OpenDeployer> open(std::string actor, const PythonPorts& ports) {
    return std::make_unique<OpenDeployer>(std::move(actor), ports, turn_, [world = world_](DeployerOptions options) { return world->open(std::move(options)); });
  }

  [[nodiscard]] const World& world() const noexcept { return *world_; }

 private:
  std::shared_ptr<World> world_;
  std::shared_ptr<Turn> turn_ = std::make_shared<Turn>();
};

void define_world(py::module_& module) {
  py::class_<SharedWorld> made(module, "World", "What libdeploy.simulation.World is built on.");
  made.def(py::init([](const py::object& config) { return std::make_unique<SharedWorld>(from_python<Config>(config, {"config"})); }), py::arg("config"));
  made.def("config", [](const SharedWorld& self) { return to_python(self.world().config()); });
  made.def(
      "open",
      [](SharedWorld& self, std::string actor, py::object on_event, py::object ledger_store, py::object prober, py::object approval_check, py::object clock,
         py::object secrets) {
        return self.open(std::move(actor), {std::move(on_event), std::move(ledger_store), std::move(prober), std::move(approval_check), std::move(clock), std::move(secrets)});
      },
      py::kw_only(), py::arg("actor"), py::arg("on_event") = py::none(), py::arg("ledger_store") = py::none(), py::arg("prober") = py::none(),
      py::arg("approval_check") = py::none(), py::arg("clock") = py::none(), py::arg("secrets") = py::none(), py::keep_alive<0, 1>());
  made.def(
      "publish",
      [](SharedWorld& self, const std::string& version, const std::string& behaviour) { return self.call([&](World& world) { return world.publish(version, behaviour); }); },
      py::arg("version"), py::arg("behaviour"));
  made.def("prepare_build", [](SharedWorld& self, const std::string& behaviour) { self.call([&](World& world) { world.prepare_build(behaviour); }); }, py::arg("behaviour"));
  made.def("happen", [](SharedWorld& self, const std::string& line) { self.call([&](World& world) { world.happen(line); }); }, py::arg("line"));
  made.def("now", [](SharedWorld& self) { return self.call([](World& world) { return world.now(); }); });
  made.def(
      "advance",
      [](SharedWorld& self, const py::object& duration) {
        const auto time = from_python<std::chrono::milliseconds>(duration, {"duration"});
        self.call([&](World& world) { world.advance(time); });
      },
      py::arg("duration"));
}

/// Long work of its own: interruptible only where it calls back.
template <class F>
auto alone(F&& work) {
  return Session(std::make_shared<Turn>()).call(std::forward<F>(work), [] {});
}

void define_scripts(py::module_& module) {
  module.def("script_str", [](const py::object& script) { return text_to_python(from_python<Script>(script, {"script"}).str()); }, py::arg("script"));
  module.def("script_parse", [](const std::string& text) { return to_python(Script::parse(text)); }, py::arg("text"));
  module.def("broken_promise", [](int invariant) { return text_to_python(simulation::broken_promise(invariant)); }, py::arg("invariant"));
  module.def(
      "simulate",
      [](const py::object& config, const py::object& script) {
        const auto given = from_python<Config>(config, {"config"});
        const auto lines = from_python<Script>(script, {"script"});
        return alone([&] { return simulation::simulate(given, lines); });
      },
      py::arg("config"), py::arg("script"));
  module.def(
      "random_script",
      [](const py::object& config, std::uint64_t seed, bool faults) { return to_python(simulation::random_script(from_python<Config>(config, {"config"}), seed, faults)); },
      py::arg("config"), py::arg("seed"), py::arg("faults"));
  module.def(
      "shrink",
      [](const py::object& config, const py::object& script) {
        const auto given = from_python<Config>(config, {"config"});
        const auto lines = from_python<Script>(script, {"script"});
        return alone([&] { return simulation::shrink(given, lines); });
      },
      py::arg("config"), py::arg("script"));
  module.def(
      "rehearse",
      [](const py::object& config, std::uint64_t seed, int runs, bool faults, const py::object& on_line) {
        const auto given = from_python<Config>(config, {"config"});
        std::atomic<bool> stopped = false;
        const auto line = [&](std::string_view text) {
          if (stopped) throw Error(ErrorCode::cancelled, "simulation", "stopped on request while rehearsing");
          if (on_line.is_none()) return;
          const py::gil_scoped_acquire gil;
          on_line(text_to_python(text));
        };
        return Session(std::make_shared<Turn>()).call([&] { return simulation::rehearse(given, {seed, runs, faults}, line); }, [&] { stopped = true; });
      },
      py::arg("config"), py::arg("seed"), py::arg("runs"), py::arg("faults"), py::arg("on_line"));
}

}  // namespace

void define_simulation(py::module_& module) {
  define_world(module);
  define_scripts(module);
}

}  // namespace deploy::python
