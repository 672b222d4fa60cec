// What the package asks of the library without a deployer.
#include "convert.hpp"
#include "deploy/config.hpp"
#include "deploy/deployer.hpp"
#include "module.hpp"
#include "session.hpp"
#include "shapes_config.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

namespace {

void define_values(py::module_& module) {
  module.def("parse_digest", [](const std::string& text) { return Digest::parse(text).str(); }, py::arg("text"));
  module.def(
      "parse_version",
      [](const std::string& text) {
        const Version v = Version::parse(text);
        return py::make_tuple(v.str(), v.major(), v.minor(), v.patch(), to_python(v.prerelease()), v.build_metadata(), v.tag());
      },
      py::arg("text"));
  module.def(
      "compare_versions",
      [](const std::string& a, const std::string& b) {
        const auto order = Version::parse(a) <=> Version::parse(b);
        return order < 0 ? -1 : order > 0 ? 1 : 0;
      },
      py::arg("a"), py::arg("b"));
  module.def(
      "parse_image",
      [](const std::string& text) {
        const ImageReference image = ImageReference::parse(text);
        return py::make_tuple(image.str(), image.registry(), image.repository(), to_python(image.tag()), to_python(image.digest()), image.familiar());
      },
      py::arg("text"));
  module.def("image_with_tag", [](const std::string& image, const std::string& tag) { return ImageReference::parse(image).with_tag(tag).str(); }, py::arg("image"),
             py::arg("tag"));
  module.def(
      "parse_host",
      [](const std::string& url) {
        const Host host = Host::parse(url);
        return py::make_tuple(host.url(), to_python(host.kind()), host.path(), host.user(), host.name(), host.port());
      },
      py::arg("url"));
  module.def(
      "parse_tag",
      [](const std::string& text) {
        const Tag tag = Tag::parse(text);
        return py::make_tuple(tag.text, to_python(tag.kind), tag.build, to_python(tag.version()));
      },
      py::arg("text"));
  module.def(
      "compare_tags",
      [](const std::string& a, const std::string& b) -> py::object {
        const auto order = compare(Tag::parse(a), Tag::parse(b));
        if (order == std::partial_ordering::unordered) return py::none();
        return py::int_(order < 0 ? -1 : order > 0 ? 1 : 0);
      },
      py::arg("a"), py::arg("b"));
  module.def(
      "parse_port_binding",
      [](const std::string& text) {
        const PortBinding p = PortBinding::parse(text);
        return py::make_tuple(p.str(), p.address, p.host_first, p.host_last, p.container_first, p.container_last, to_python(p.protocol));
      },
      py::arg("text"));
  module.def("port_bindings_overlap", [](const std::string& a, const std::string& b) { return PortBinding::parse(a).overlaps(PortBinding::parse(b)); }, py::arg("a"),
             py::arg("b"));
}

void define_texts(py::module_& module) {
  module.def("parse_duration", [](const std::string& text) { return to_python(parse_duration(text)); }, py::arg("text"));
  module.def("format_duration", [](const py::object& duration) { return to_string(from_python<std::chrono::milliseconds>(duration, {"duration"})); }, py::arg("duration"));
  module.def("parse_memory", [](const std::string& text) { return parse_memory(text); }, py::arg("text"));
  module.def("parse_week_minute", [](const std::string& text) { return parse_week_minute(text); }, py::arg("text"));
  module.def("parse_ledger_head", [](const std::string& text) { return to_python(parse_ledger_head(text)); }, py::arg("text"));
  module.def("is_valid_tag", [](const std::string& text) { return is_valid_tag(text); }, py::arg("text"));
  module.def("is_valid_name", [](const std::string& text) { return is_valid_name(text); }, py::arg("text"));
  module.def("is_valid_container_name", [](const std::string& text) { return is_valid_container_name(text); }, py::arg("text"));
  module.def(
      "expand_template",
      [](const std::string& text, std::string version, std::string build, std::string commit, std::string environment) {
        return expand(text, {std::move(version), std::move(build), std::move(commit), std::move(environment)});
      },
      py::arg("text"), py::arg("version"), py::arg("build"), py::arg("commit"), py::arg("environment"));
  module.def("template_fields", [](const std::string& text) { return to_python(template_fields(text)); }, py::arg("text"));
  module.def("describe_secret", [](const py::object& source) { return describe(from_python<SecretSource>(source, {"source"})); }, py::arg("source"));
}

void define_config(py::module_& module) {
  module.def("load_config", [](const std::string& path) { return to_python(Config::load(path)); }, py::arg("path"));
  module.def("parse_config", [](const std::string& text, const std::string& directory) { return to_python(Config::parse(text, directory)); }, py::arg("text"),
             py::arg("directory"));
  module.def("config_environment", [](const py::object& config, const std::string& name) { return to_python(from_python<Config>(config, {"config"}).environment(name)); },
             py::arg("config"), py::arg("name"));
  module.def("config_template", [](const std::string& application) { return config_template(application); }, py::arg("application"));
  module.def("config_schema", [] { return text_to_python(config_schema()); });
}

/// A record as the CLI and the C API print it.
template <class... Records>
py::str json_of(const py::object& record) {
  std::optional<std::string> text;
  const auto one = [&]<class T>(std::type_identity<T>) {
    if (!text && Converter<T>::is(record)) text = to_json(from_python<T>(record, {"record"}));
  };
  (one(std::type_identity<Records>{}), ...);
  if (!text) fail_type({"record"}, "a record that has a JSON form", record);
  return text_to_python(*text);
}

/// The members of the structs and the words of the enumerations, for the test that compares them with the classes in Python.
template <class T>
void add_shape(py::dict& all) {
  all[Shape<T>::name] = std::apply([](const auto&... members) { return py::make_tuple(members.name...); }, Shape<T>::members);
}
template <class T>
void add_words(py::dict& all) {
  py::list words;
  for (int i = 0; i <= static_cast<int>(Enumeration<T>::last); ++i) words.append(text_to_python(to_string(static_cast<T>(i))));
  all[Enumeration<T>::name] = py::tuple(words);
}
template <class... T>
py::dict shapes_of() {
  py::dict all;
  (add_shape<T>(all), ...);
  return all;
}
template <class... T>
py::dict words_of() {
  py::dict all;
  (add_words<T>(all), ...);
  return all;
}

void define_shapes(py::module_& module) {
  using namespace simulation;
  module.def("shapes", &shapes_of<SecretFromEnv, SecretFromFile, SecretFromCommand, ContainerSpec, JsonExpectation, HttpCheck, TcpCheck, ExecCheck, EngineCheck, HealthProbe,
                                  Strategy, RollbackPolicy, ApprovalPolicy, FreezeWindow, Environment, ImageConfig, RegistryConfig, GitConfig, SshConfig, TlsConfig, Config,
                                  Release, LiveVersion, ProbeTry, ProbeReport, HostEvidence, GateAnswer, Deployment, VerifiedVersion, PendingApproval, QuarantinedDigest,
                                  Interrupted, LeaseHolder, Lease, LeaseClaim, EnvironmentStatus, Drift, DriftReport, DoctorCheck, Step, Plan, PlanReport, Decision, Event,
                                  LedgerEntry, LedgerHead, LedgerStore::Checkpoint, Action, Script, Violation, SimulationReport, Rehearsal>);
  module.def("words", &words_of<ErrorCode, EventKind, Outcome, ProbeAnswer, Verdict, StepKind, PlanKind, LeaseCondition, DoctorCheck::Level, Verb, Protocol, HostKind, TagKind,
                                SshClient, StrategyType, OnUnknown, ProbeFrom>);
}

void define_json(py::module_& module) {
  module.def("to_json",
             &json_of<Release, Deployment, EnvironmentStatus, DriftReport, DoctorCheck, PlanReport, Decision, Event, ProbeReport, simulation::SimulationReport,
                      simulation::Rehearsal>,
             py::arg("record"));
}

py::object probe_once(const py::object& probe, const std::string& address, const py::object& on_try) {
  const auto given = from_python<HealthProbe>(probe, {"probe"});
  std::stop_source stop;
  const auto give = [&](const ProbeTry& found) {
    const py::gil_scoped_acquire gil;
    if (!on_try.is_none()) on_try(to_python(found));
  };
  return Session(std::make_shared<Turn>()).call([&] { return run_probe(given, address, give, stop.get_token()); }, [&] { stop.request_stop(); });
}

py::object verify_export(const std::string& path, const py::object& expected) {
  const auto head = from_python<std::optional<LedgerHead>>(expected, {"expected"});
  return Session(std::make_shared<Turn>()).call([&] { return verify_exported_ledger(path, head); }, [] {});
}

}  // namespace

void define_functions(py::module_& module) {
  define_values(module);
  define_texts(module);
  define_config(module);
  define_json(module);
  define_shapes(module);
  module.def("run_probe", &probe_once, py::arg("probe"), py::arg("address"), py::arg("on_try"));
  module.def("verify_exported_ledger", &verify_export, py::arg("path"), py::arg("expected"));
}

}  // namespace deploy::python
