#include <fmt/format.h>

#include <algorithm>

#include "config/explain.hpp"
#include "config/read.hpp"
#include "model/text.hpp"
#include "support/time_zone.hpp"

namespace deploy::config {

namespace {
std::string read_environment_name(const Node& node) {
  if (!node.text().empty() && node.text().size() <= 63 && !is_valid_name(node.text()))
    node.fault(fmt::format("found {}, expected a letter or digit, then letters, digits, '_', '.' and '-'", found(node.value())));
  return node.text();
}

std::vector<Host> read_hosts(const Node& node) {
  std::vector<Host> out;
  for (const Node& item : node.items()) {
    const auto host = item.parsed(std::optional<Host>(), [](std::string_view text) { return std::optional(Host::parse(text)); });
    if (!host) continue;
    if (std::find(out.begin(), out.end(), *host) != out.end()) item.fault(fmt::format("found the host {} a second time", host->url()));
    else out.push_back(*host);
  }
  return out;
}

Strategy read_strategy(const Node& node) {
  Strategy out;
  for (const StrategyType type : {StrategyType::recreate, StrategyType::blue_green, StrategyType::canary})
    if (node["type"].text() == to_string(type)) out.type = type;
  out.max_parallel = node["max_parallel"].number(out.max_parallel);
  return out;
}

RollbackPolicy read_rollback(const Node& node) {
  RollbackPolicy out;
  out.automatic = node["automatic"].flag(out.automatic);
  if (node["on_unknown"].text() == to_string(OnUnknown::rollback)) out.on_unknown = OnUnknown::rollback;
  out.bake = node["bake"].duration(out.bake);
  out.keep = node["keep"].number(out.keep);
  return out;
}

ApprovalPolicy read_approval(const Node& node) {
  ApprovalPolicy out;
  out.approvers = node["approvers"].texts();
  for (const Node& name : node["approvers"].items())
    if (!text::all_of(name.text(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }))
      name.fault(fmt::format("found {}; a name with control characters stands in no signed text, so it could never approve", found(name.value())));
  out.required = node["required"].number(out.required);
  out.allow_requester = node["allow_requester"].flag(out.allow_requester);
  out.expires = node["expires"].duration(out.expires);
  out.allowed_signers = node["signatures"]["allowed_signers"].path();
  out.revoked_keys = node["signatures"]["revoked_keys"].path();
  if (!out.approvers.empty() && static_cast<std::size_t>(std::max(out.required, 0)) > out.approvers.size())
    node["required"].fault(fmt::format("found {}, but there are only {} approvers; nothing could ever be approved", out.required, out.approvers.size()));
  if (out.expires.count() <= 0) node["expires"].fault(fmt::format("found {}, expected more than nothing; every approval would have expired", found(node["expires"].value())));
  return out;
}

void check_time_zone(const Node& node) {
  const bool exists = node.parsed(true, time_zone_exists);
  if (!exists)
    node.fault(fmt::format("found {}, expected the name of a time zone such as \"Europe/Berlin\"{}", found(node.value()), suggestion(node.text(), time_zone_names())));
}

FreezeWindow read_window(const Node& node) {
  FreezeWindow out;
  out.from = node["from"].text();
  out.to = node["to"].text();
  out.from_minute = node["from"].parsed(-1, parse_week_minute);
  out.to_minute = node["to"].parsed(-1, parse_week_minute);
  out.timezone = node["timezone"].text(out.timezone);
  if (out.from_minute >= 0 && out.from_minute == out.to_minute)
    node["to"].fault(fmt::format("found {}, the same time as \"from\"; to close an environment altogether, freeze it", found(node["to"].value())));
  check_time_zone(node["timezone"]);
  return out;
}
}  // namespace

Environment read_environment(const Node& node) {
  Environment out;
  out.name = read_environment_name(node["name"]);
  out.after = node["after"].text();
  out.soak = node["soak"].duration(out.soak);
  if (out.soak.count() > 0 && out.after.empty()) node["soak"].fault_at_key("found a \"soak\" without an \"after\"; there is no upstream to soak in");
  out.max_age = node["max_age"].duration(out.max_age);
  if (out.max_age.count() > 0 && out.after.empty()) node["max_age"].fault_at_key("found a \"max_age\" without an \"after\"; there is no upstream whose evidence could grow old");
  out.stop_the_line = node["stop_the_line"].flag(out.stop_the_line);
  if (out.stop_the_line && out.after.empty()) node["stop_the_line"].fault_at_key("found \"stop_the_line\" without an \"after\"; there is no upstream whose trouble could stop it");
  out.hosts = read_hosts(node["hosts"]);
  out.container = read_container(node["container"]);
  out.probe = read_probe(node["probe"]);
  out.strategy = read_strategy(node["strategy"]);
  out.rollback = read_rollback(node["rollback"]);
  if (node["approval"]) out.approval = read_approval(node["approval"]);
  for (const Node& window : node["freeze"].items()) out.freeze.push_back(read_window(window));
  out.allow_downgrade = node["allow_downgrade"].flag(out.allow_downgrade);
  return out;
}

}  // namespace deploy::config
