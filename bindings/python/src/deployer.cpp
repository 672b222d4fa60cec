#include "deployer.hpp"

#include "shapes_config.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

OpenDeployer::OpenDeployer(std::string actor, const PythonPorts& ports, std::shared_ptr<Turn> turn, const Open& open)
    : session_(std::make_shared<Session>(std::move(turn))) {
  DeployerOptions options = make_options(std::move(actor), ports, session_);
  session_->attempt([&] { deployer_ = std::make_shared<Deployer>(open(std::move(options))); }, [] {});
}

std::shared_ptr<Deployer> OpenDeployer::opened() const {
  if (!deployer_) throw Error(ErrorCode::invalid_argument, "python", "the deployer is closed; nothing was done");
  return deployer_;
}

void OpenDeployer::cancel() noexcept {
  if (deployer_) deployer_->cancel();
}

void OpenDeployer::close() {
  std::shared_ptr<Deployer> deployer = std::exchange(deployer_, nullptr);
  if (!deployer || session_->turn().is_inside()) return;
  const py::gil_scoped_release released;  // a port of Python may be asked while it goes
  session_->turn().wait([&] { deployer->cancel(); });
  deployer.reset();
}

namespace {

using Class = py::class_<OpenDeployer>;

template <class T>
T read(const py::object& value, const char* name) {
  return from_python<T>(value, {name});
}

DecisionOptions decision_options(bool granted, std::string comment, std::string sign_with, std::string signed_text, std::string signature) {
  return {granted, std::move(comment), std::move(sign_with), std::move(signed_text), std::move(signature)};
}

void define_releases(Class& made) {
  made.def(
      "build", [](OpenDeployer& self, std::int64_t build, bool rollback_never) { return self.call([&](Deployer& d) { return d.build({build, rollback_never}); }); },
      py::arg("build"), py::arg("rollback_never"));
  made.def(
      "add_release",
      [](OpenDeployer& self, const py::object& image, const py::object& version, bool rollback_never) {
        const auto reference = read<ImageReference>(image, "image");
        const auto number = read<Version>(version, "version");
        return self.call([&](Deployer& d) { return d.add_release(reference, number, {rollback_never}); });
      },
      py::arg("image"), py::arg("version"), py::arg("rollback_never"));
  made.def("releases", [](OpenDeployer& self) { return self.call([](Deployer& d) { return d.releases(); }); });
  made.def("find_release", [](OpenDeployer& self, const std::string& selector) { return self.call([&](Deployer& d) { return d.find_release(selector); }); },
           py::arg("selector"));
}

void define_promotion(Class& made) {
  made.def(
      "plan",
      [](OpenDeployer& self, const py::object& release, const std::string& to, bool allow_downgrade) {
        const auto given = read<Release>(release, "release");
        return self.call([&](Deployer& d) { return d.plan(given, to, {allow_downgrade}); });
      },
      py::arg("release"), py::arg("to"), py::arg("allow_downgrade"));
  made.def(
      "gates",
      [](OpenDeployer& self, const py::object& release, const std::string& to, bool allow_downgrade) {
        const auto given = read<Release>(release, "release");
        return self.call([&](Deployer& d) { return d.gates(given, to, {allow_downgrade}); });
      },
      py::arg("release"), py::arg("to"), py::arg("allow_downgrade"));
  made.def(
      "promote",
      [](OpenDeployer& self, const py::object& release, const std::string& to, bool allow_downgrade) {
        const auto given = read<Release>(release, "release");
        return self.call([&](Deployer& d) { return d.promote(given, to, {allow_downgrade}); });
      },
      py::arg("release"), py::arg("to"), py::arg("allow_downgrade"));
  made.def(
      "run", [](OpenDeployer& self, std::int64_t build, bool rollback_never) { return self.call([&](Deployer& d) { return d.run({build, rollback_never}); }); },
      py::arg("build"), py::arg("rollback_never"));
  made.def(
      "rollback",
      [](OpenDeployer& self, const std::string& environment, const std::string& to, bool quarantine, bool force) {
        return self.call([&](Deployer& d) { return d.rollback(environment, {to, quarantine, force}); });
      },
      py::arg("environment"), py::arg("to"), py::arg("quarantine"), py::arg("force"));
  made.def(
      "resume", [](OpenDeployer& self, const std::string& environment, bool undo) { return self.call([&](Deployer& d) { return d.resume(environment, undo); }); },
      py::arg("environment"), py::arg("undo"));
}

void define_decisions(Class& made) {
  const auto decide = [](auto method) {
    return [method](OpenDeployer& self, const py::object& release, const std::string& to, bool granted, std::string comment, std::string sign_with, std::string signed_text,
                    std::string signature) {
      const auto given = read<Release>(release, "release");
      const DecisionOptions options = decision_options(granted, std::move(comment), std::move(sign_with), std::move(signed_text), std::move(signature));
      return self.call([&](Deployer& d) { return (d.*method)(given, to, options); });
    };
  };
  const auto define = [&](const char* name, auto method) {
    made.def(name, decide(method), py::arg("release"), py::arg("to"), py::arg("granted"), py::arg("comment"), py::arg("sign_with"), py::arg("signed_text"),
             py::arg("signature"));
  };
  define("draft_decision", &Deployer::draft_decision);
  define("decide", &Deployer::decide);
  made.def(
      "freeze", [](OpenDeployer& self, const std::string& environment, const std::string& reason) { self.call([&](Deployer& d) { d.freeze(environment, reason); }); },
      py::arg("environment"), py::arg("reason"));
  made.def("unfreeze", [](OpenDeployer& self, const std::string& environment) { self.call([&](Deployer& d) { d.unfreeze(environment); }); }, py::arg("environment"));
  made.def(
      "lift_quarantine",
      [](OpenDeployer& self, const py::object& digest, const std::string& reason) {
        const auto given = read<Digest>(digest, "digest");
        self.call([&](Deployer& d) { d.lift_quarantine(given, reason); });
      },
      py::arg("digest"), py::arg("reason"));
}

void define_questions(Class& made) {
  made.def("status", [](OpenDeployer& self, const std::string& environment) { return self.call([&](Deployer& d) { return d.status(environment); }); }, py::arg("environment"));
  made.def("history", [](OpenDeployer& self, const std::string& environment) { return self.call([&](Deployer& d) { return d.history(environment); }); }, py::arg("environment"));
  made.def("show", [](OpenDeployer& self, const std::string& deployment) { return self.call([&](Deployer& d) { return d.show(deployment); }); }, py::arg("deployment"));
  made.def("verify", [](OpenDeployer& self, const std::string& environment) { return self.call([&](Deployer& d) { return d.verify(environment); }); }, py::arg("environment"));
  made.def("adopt", [](OpenDeployer& self, const std::string& environment) { return self.call([&](Deployer& d) { return d.adopt(environment); }); }, py::arg("environment"));
  made.def("doctor", [](OpenDeployer& self) { return self.call([](Deployer& d) { return d.doctor(); }); });
  made.def(
      "logs",
      [](OpenDeployer& self, const std::string& environment, int lines, bool follow, const py::object& sink) {
        const auto give = [&](std::string_view host, std::string_view text) { self.callback([&] { sink(text_to_python(host), text_to_python(text)); }); };
        self.call([&](Deployer& d) { d.logs(environment, {lines, follow, give}); });
      },
      py::arg("environment"), py::arg("lines"), py::arg("follow"), py::arg("sink"));
}

void define_ledger(Class& made) {
  made.def(
      "ledger_verify",
      [](OpenDeployer& self, const py::object& expected) {
        const auto head = read<std::optional<LedgerHead>>(expected, "expected");
        return self.call([&](Deployer& d) { return d.ledger_verify(head); });
      },
      py::arg("expected"));
  made.def("ledger_head", [](OpenDeployer& self) { return self.call([](Deployer& d) { return d.ledger_head(); }); });
  made.def(
      "ledger_entries",
      [](OpenDeployer& self, std::int64_t after, const py::object& sink) {
        self.call([&](Deployer& d) { d.ledger_entries(after, [&](const LedgerEntry& entry) { self.callback([&] { sink(to_python(entry)); }); }); });
      },
      py::arg("after"), py::arg("sink"));
  made.def(
      "ledger_export",
      [](OpenDeployer& self, const py::object& sink) {
        self.call([&](Deployer& d) { d.ledger_export([&](std::string_view line) { self.callback([&] { sink(text_to_python(line)); }); }); });
      },
      py::arg("sink"));
}

}  // namespace

void define_deployer(py::module_& module) {
  Class made(module, "Deployer", "What libdeploy.Deployer is built on; its methods are those of the C++ class.");
  made.def(py::init([](const py::object& config, std::string actor, py::object on_event, py::object ledger_store, py::object prober, py::object approval_check,
                       py::object clock, py::object secrets) {
             const PythonPorts ports{std::move(on_event), std::move(ledger_store), std::move(prober), std::move(approval_check), std::move(clock), std::move(secrets)};
             Config given = read<Config>(config, "config");
             return std::make_unique<OpenDeployer>(std::move(actor), ports, std::make_shared<Turn>(),
                                                   [&](DeployerOptions options) { return Deployer(std::move(given), std::move(options)); });
           }),
           py::arg("config"), py::kw_only(), py::arg("actor"), py::arg("on_event") = py::none(), py::arg("ledger_store") = py::none(), py::arg("prober") = py::none(),
           py::arg("approval_check") = py::none(), py::arg("clock") = py::none(), py::arg("secrets") = py::none());
  define_releases(made);
  define_promotion(made);
  define_decisions(made);
  define_questions(made);
  define_ledger(made);
  made.def("cancel", &OpenDeployer::cancel, "From any thread: the running call ends, its changes undone.");
  made.def("close", &OpenDeployer::close, "Cancels what runs, waits for its end, and lets go of the ledger.");
}

}  // namespace deploy::python
