#include <fmt/format.h>

#include <algorithm>

#include "config/explain.hpp"
#include "config/grammar.hpp"
#include "config/read.hpp"

namespace deploy::config {

namespace {
using std::chrono::milliseconds;

void complain_of_value(const Node& node, const std::string& complaint) {
  if (node.is_text() && !complaint.empty()) node.fault(fmt::format("found {}: {}", found(node.value()), complaint));
}

std::vector<JsonExpectation> read_expectations(const Node& node) {
  std::vector<JsonExpectation> out;
  for (const auto& [pointer, value] : node.members()) {
    if (const std::string complaint = pointer_complaint(pointer); !complaint.empty()) value.fault_at_key(fmt::format("found {}: {}", listed({pointer}), complaint));
    out.push_back({pointer, json::dump(value.value())});
  }
  return out;
}

std::map<std::string, std::string> read_headers(const Node& node) {
  for (const auto& [name, value] : node.members())
    if (const std::string complaint = header_complaint(name, value.text()); !complaint.empty()) value.fault_at_key(fmt::format("found {}: {}", listed({name}), complaint));
  return node.text_map();
}

std::uint16_t read_port(const Node& node) { return static_cast<std::uint16_t>(std::clamp(node.number(0), 0, 65'535)); }

HttpCheck read_http(const Node& node) {
  HttpCheck out;
  out.path = node["path"].text(out.path);
  if (!out.path.empty()) complain_of_value(node["path"], request_path_complaint(out.path));
  out.port = read_port(node["port"]);
  if (const Node status = node["status"]; status) {
    out.status.clear();
    for (const Node& item : status.items()) out.status.push_back(item.number(0));
  }
  if (node["body"]) out.body = node["body"].text();
  complain_of_value(node["body"], body_complaint(node["body"].text()));
  out.json = read_expectations(node["json"]);
  out.headers = read_headers(node["headers"]);
  out.tls = node["tls"].flag(out.tls);
  out.ca = node["ca"].path();
  if (node["ca"] && !out.tls) node["ca"].fault_at_key("found a \"ca\" for plain HTTP, expected \"tls\": true beside it");
  return out;
}

ExecCheck read_exec(const Node& node) {
  ExecCheck out{node["command"].texts()};
  if (!out.command.empty() && out.command.front().empty()) node["command"].items().front().fault("found an empty text, expected a program");
  return out;
}

// The schema has seen to it that exactly one of the four is there.
void read_check(const Node& node, HealthProbe& out) {
  if (node["http"]) out.check = read_http(node["http"]);
  else if (node["tcp"]) out.check = TcpCheck{read_port(node["tcp"]["port"])};
  else if (node["exec"]) out.check = read_exec(node["exec"]);
}

void check_times(const Node& node, const HealthProbe& probe) {
  const auto positive = [&](const char* key, milliseconds value) {
    if (value.count() <= 0) node[key].fault(fmt::format("found {}, expected more than nothing", found(node[key].value())));
  };
  positive("interval", probe.interval);
  positive("timeout", probe.timeout);
  positive("deadline", probe.deadline);
  // The default of one must not be blamed on the other: the fault stands at what is written.
  const Node at = node["deadline"] ? node["deadline"] : node["interval"];
  if (probe.deadline < probe.interval && probe.deadline.count() > 0)
    at.fault(fmt::format("the deadline of {} is shorter than the interval of {}; there would be one try at most", to_string(probe.deadline), to_string(probe.interval)));
  const Node written = node["timeout"] ? node["timeout"] : node["deadline"];
  if (probe.timeout > probe.deadline + probe.start_period && probe.deadline.count() > 0)
    written.fault(fmt::format("the timeout of one try, {}, is longer than the deadline of {}", to_string(probe.timeout), to_string(probe.deadline + probe.start_period)));
}
}  // namespace

HealthProbe read_probe(const Node& node) {
  HealthProbe out;
  read_check(node, out);
  if (node["from"].text() == "controller") out.from = ProbeFrom::controller;
  out.interval = node["interval"].duration(out.interval);
  out.timeout = node["timeout"].duration(out.timeout);
  out.start_period = node["start_period"].duration(out.start_period);
  out.deadline = node["deadline"].duration(out.deadline);
  out.success_threshold = node["success_threshold"].number(out.success_threshold);
  out.failure_threshold = node["failure_threshold"].number(out.failure_threshold);
  check_times(node, out);
  return out;
}

}  // namespace deploy::config

namespace deploy {

bool is_json_value(std::string_view text) noexcept {
  try {
    static_cast<void>(json::parse(text, "the value"));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace deploy
