#include "promotion/policy.hpp"

#include "support/hash.hpp"
#include "support/json.hpp"

namespace deploy {

namespace {
json::Object env_object(const std::map<std::string, EnvValue>& env) {
  json::Object out;
  for (const auto& [name, value] : env) {
    if (const auto* text = std::get_if<std::string>(&value)) out.add(name, *text);
    else out.add(name, json::Object().add("secret", describe(std::get<SecretSource>(value))));
  }
  return out;
}

json::Object container_object(const ContainerSpec& spec) {
  std::vector<std::string> ports;
  for (const PortBinding& port : spec.ports) ports.push_back(port.str());
  json::Object out;
  out.add("name", spec.name).add("ports", ports).add("env", env_object(spec.env)).add("volumes", spec.volumes).add("networks", spec.networks);
  out.add("restart", spec.restart).add("stop_timeout", spec.stop_timeout.count()).add("labels", spec.labels).add("memory", spec.memory).add("cpus", spec.cpus);
  if (spec.command) out.add("command", *spec.command);
  if (spec.user) out.add("user", *spec.user);
  return out.add("read_only", spec.read_only);
}

json::Array hosts_array(const Environment& environment) {
  json::Array hosts;
  for (const Host& host : environment.hosts) hosts.add(host.url());
  return hosts;
}

struct CheckObject {
  json::Object operator()(const HttpCheck& c) const {
    json::Array status;
    for (int code : c.status) status.add(static_cast<std::int64_t>(code));
    json::Object expected;
    for (const JsonExpectation& e : c.json) expected.add(e.pointer, e.equals);
    return json::Object().add("path", c.path).add("port", static_cast<int>(c.port)).add("status", status).add("body", c.body.value_or(""))
        .add("json", expected).add("headers", c.headers).add("tls", c.tls).add("ca", c.ca);
  }
  json::Object operator()(const TcpCheck& c) const { return json::Object().add("port", static_cast<int>(c.port)); }
  json::Object operator()(const ExecCheck& c) const { return json::Object().add("command", c.command); }
  json::Object operator()(const EngineCheck&) const { return {}; }
};

json::Object probe_policy(const HealthProbe& p) {
  return json::Object().add("kind", kind_of(p)).add("check", std::visit(CheckObject{}, p.check)).add("from", to_string(p.from))
      .add("interval", p.interval.count()).add("timeout", p.timeout.count()).add("start_period", p.start_period.count())
      .add("deadline", p.deadline.count()).add("success_threshold", p.success_threshold).add("failure_threshold", p.failure_threshold);
}

/// The path is absolute by now, and differs with where the configuration was checked out: that is no other policy. What the file says is asked anew
/// whenever a signature counts.
std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

json::Object gates_policy(const Environment& e) {
  json::Object out;
  out.add("after", e.after).add("soak", e.soak.count()).add("max_age", e.max_age.count()).add("stop_the_line", e.stop_the_line)
      .add("allow_downgrade", e.allow_downgrade);
  json::Array freeze;
  for (const FreezeWindow& w : e.freeze) freeze.add(w.from + " - " + w.to + " " + w.timezone);
  out.add("freeze", freeze);
  if (e.approval)
    out.add("approval", json::Object().add("approvers", e.approval->approvers).add("required", e.approval->required)
                            .add("allow_requester", e.approval->allow_requester).add("expires", e.approval->expires.count())
                            .add("allowed_signers", file_name(e.approval->allowed_signers)).add("revoked_keys", file_name(e.approval->revoked_keys)));
  return out;
}

std::string hash_of(const json::Object& object) { return sha256_hex(json::canonical(json::parse(object.str(), "policy"))); }
}  // namespace

std::string policy_hash(const Environment& e) {
  json::Object rollback;
  rollback.add("automatic", e.rollback.automatic).add("on_unknown", to_string(e.rollback.on_unknown)).add("bake", e.rollback.bake.count()).add("keep", e.rollback.keep);
  json::Object strategy;
  strategy.add("type", to_string(e.strategy.type)).add("max_parallel", e.strategy.max_parallel);
  return hash_of(json::Object().add("name", e.name).add("hosts", hosts_array(e)).add("container", container_object(e.container))
                     .add("probe", probe_policy(e.probe)).add("rollback", rollback).add("strategy", strategy).add("gates", gates_policy(e)));
}

std::string container_hash(const Environment& e) {
  return hash_of(json::Object().add("hosts", hosts_array(e)).add("container", container_object(e.container)));
}

}  // namespace deploy
