// The configuration's structs.
#pragma once

#include "deploy/config.hpp"
#include "shape.hpp"

namespace deploy::python {

template <>
struct Enumeration<Protocol> {
  static constexpr auto name = "Protocol";
  static constexpr auto last = Protocol::sctp;
};
template <>
struct Enumeration<HostKind> {
  static constexpr auto name = "HostKind";
  static constexpr auto last = HostKind::tcp;
};
template <>
struct Enumeration<TagKind> {
  static constexpr auto name = "TagKind";
  static constexpr auto last = TagKind::floating;
};
template <>
struct Enumeration<SshClient> {
  static constexpr auto name = "SshClient";
  static constexpr auto last = SshClient::openssh;
};
template <>
struct Enumeration<StrategyType> {
  static constexpr auto name = "StrategyType";
  static constexpr auto last = StrategyType::canary;
};
template <>
struct Enumeration<OnUnknown> {
  static constexpr auto name = "OnUnknown";
  static constexpr auto last = OnUnknown::rollback;
};
template <>
struct Enumeration<ProbeFrom> {
  static constexpr auto name = "ProbeFrom";
  static constexpr auto last = ProbeFrom::controller;
};

template <>
struct Shape<SecretFromEnv> {
  static constexpr auto name = "SecretFromEnv";
  static constexpr auto members = std::tuple(member("name", &SecretFromEnv::name));
};
template <>
struct Shape<SecretFromFile> {
  static constexpr auto name = "SecretFromFile";
  static constexpr auto members = std::tuple(member("path", &SecretFromFile::path));
};
template <>
struct Shape<SecretFromCommand> {
  static constexpr auto name = "SecretFromCommand";
  static constexpr auto members = std::tuple(member("argv", &SecretFromCommand::argv));
};
template <>
struct Shape<ContainerSpec> {
  using T = ContainerSpec;
  static constexpr auto name = "ContainerSpec";
  static constexpr auto members =
      std::tuple(member("name", &T::name), member("ports", &T::ports), member("env", &T::env), member("volumes", &T::volumes), member("networks", &T::networks),
                 member("restart", &T::restart), member("stop_timeout", &T::stop_timeout), member("labels", &T::labels), member("memory", &T::memory),
                 member("cpus", &T::cpus), member("command", &T::command), member("user", &T::user), member("read_only", &T::read_only));
};
template <>
struct Shape<JsonExpectation> {
  static constexpr auto name = "JsonExpectation";
  static constexpr auto members = std::tuple(member("pointer", &JsonExpectation::pointer), member("equals", &JsonExpectation::equals));
};
template <>
struct Shape<HttpCheck> {
  using T = HttpCheck;
  static constexpr auto name = "HttpCheck";
  static constexpr auto members = std::tuple(member("path", &T::path), member("port", &T::port), member("status", &T::status), member("body", &T::body),
                                             member("json", &T::json), member("headers", &T::headers), member("tls", &T::tls), member("ca", &T::ca));
};
template <>
struct Shape<TcpCheck> {
  static constexpr auto name = "TcpCheck";
  static constexpr auto members = std::tuple(member("port", &TcpCheck::port));
};
template <>
struct Shape<ExecCheck> {
  static constexpr auto name = "ExecCheck";
  static constexpr auto members = std::tuple(member("command", &ExecCheck::command));
};
template <>
struct Shape<EngineCheck> {
  static constexpr auto name = "EngineCheck";
  static constexpr auto members = std::tuple();
};
template <>
struct Shape<HealthProbe> {
  using T = HealthProbe;
  static constexpr auto name = "HealthProbe";
  static constexpr auto members =
      std::tuple(member("check", &T::check), member("from_", &T::from), member("interval", &T::interval), member("timeout", &T::timeout),
                 member("start_period", &T::start_period), member("deadline", &T::deadline), member("success_threshold", &T::success_threshold),
                 member("failure_threshold", &T::failure_threshold));
};
template <>
struct Shape<Strategy> {
  static constexpr auto name = "Strategy";
  static constexpr auto members = std::tuple(member("type", &Strategy::type), member("max_parallel", &Strategy::max_parallel));
};
template <>
struct Shape<RollbackPolicy> {
  using T = RollbackPolicy;
  static constexpr auto name = "RollbackPolicy";
  static constexpr auto members = std::tuple(member("automatic", &T::automatic), member("on_unknown", &T::on_unknown), member("bake", &T::bake), member("keep", &T::keep));
};
template <>
struct Shape<ApprovalPolicy> {
  using T = ApprovalPolicy;
  static constexpr auto name = "ApprovalPolicy";
  static constexpr auto members =
      std::tuple(member("approvers", &T::approvers), member("required", &T::required), member("allow_requester", &T::allow_requester), member("expires", &T::expires),
                 member("allowed_signers", &T::allowed_signers), member("revoked_keys", &T::revoked_keys));
};
template <>
struct Shape<FreezeWindow> {
  using T = FreezeWindow;
  static constexpr auto name = "FreezeWindow";
  static constexpr auto members = std::tuple(member("from_minute", &T::from_minute), member("to_minute", &T::to_minute), member("from_", &T::from), member("to", &T::to),
                                             member("timezone", &T::timezone));
};
template <>
struct Shape<Environment> {
  using T = Environment;
  static constexpr auto name = "Environment";
  static constexpr auto members =
      std::tuple(member("name", &T::name), member("after", &T::after), member("soak", &T::soak), member("max_age", &T::max_age), member("stop_the_line", &T::stop_the_line),
                 member("hosts", &T::hosts), member("container", &T::container), member("probe", &T::probe), member("strategy", &T::strategy),
                 member("rollback", &T::rollback), member("approval", &T::approval), member("freeze", &T::freeze), member("allow_downgrade", &T::allow_downgrade));
};
template <>
struct Shape<ImageConfig> {
  using T = ImageConfig;
  static constexpr auto name = "ImageConfig";
  static constexpr auto members =
      std::tuple(member("repository", &T::repository), member("context", &T::context), member("dockerfile", &T::dockerfile), member("target", &T::target),
                 member("build_args", &T::build_args), member("version", &T::version), member("tags", &T::tags), member("floating_tags", &T::floating_tags),
                 member("floating_after", &T::floating_after));
};
template <>
struct Shape<RegistryConfig> {
  using T = RegistryConfig;
  static constexpr auto name = "RegistryConfig";
  static constexpr auto members = std::tuple(member("username", &T::username), member("password", &T::password), member("insecure", &T::insecure));
};
template <>
struct Shape<GitConfig> {
  static constexpr auto name = "GitConfig";
  static constexpr auto members = std::tuple(member("tag", &GitConfig::tag), member("push", &GitConfig::push), member("after", &GitConfig::after));
};
template <>
struct Shape<SshConfig> {
  using T = SshConfig;
  static constexpr auto name = "SshConfig";
  static constexpr auto members = std::tuple(member("client", &T::client), member("identity", &T::identity), member("passphrase", &T::passphrase),
                                             member("known_hosts", &T::known_hosts), member("jump", &T::jump), member("agent", &T::agent), member("config", &T::config));
};
template <>
struct Shape<TlsConfig> {
  static constexpr auto name = "TlsConfig";
  static constexpr auto members = std::tuple(member("ca", &TlsConfig::ca), member("cert", &TlsConfig::cert), member("key", &TlsConfig::key));
};
template <>
struct Shape<Config> {
  using T = Config;
  static constexpr auto name = "Config";
  static constexpr auto members =
      std::tuple(member("application", &T::application), member("state", &T::state), member("image", &T::image), member("engine", &T::engine),
                 member("registry", &T::registry), member("git", &T::git), member("ssh", &T::ssh), member("tls", &T::tls), member("environments", &T::environments),
                 member("directory", &T::directory), member("file", &T::file));
};

}  // namespace deploy::python
