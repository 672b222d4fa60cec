// The small texts of a configuration: durations, sizes, ports, hosts, times, weekly times, and what git prints.
#include "deploy/container.hpp"
#include "deploy/environment.hpp"
#include "deploy/host.hpp"
#include "deploy/time.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "git/text.hpp"
#include "ssh/free_disk.hpp"
#include "support/hash.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
void try_git(std::string_view text) {
  const std::string masked = git::mask_credentials(text);
  hold(git::mask_credentials(masked) == masked, "what is masked stays as it is");
  (void)git::classify(text);
  (void)git::has_credentials(text);
  hold(!git::has_credentials(git::strip_credentials(text)), "a stripped URL carries no credentials");
  (void)git::find_exact_tag(text, "refs/tags/1.0.3");
}
}  // namespace

void try_input(std::string_view input) {
  if (const auto time = accepted([&] { return parse_duration(input); })) {
    hold(time->count() >= 0, "no duration is negative");
    hold(parse_duration(to_string(*time)) == *time, "parse(to_string()) gives the same duration");
  }
  if (const auto port = accepted([&] { return PortBinding::parse(input); })) {
    hold(PortBinding::parse(port->str()) == *port && port->overlaps(*port), "parse(str()) gives the same port");
    hold(port->host_first > 0 && port->host_first <= port->host_last && port->container_first > 0, "a port has a number");
  }
  if (const auto host = accepted([&] { return Host::parse(input); })) {
    hold(Host::parse(host->url()) == *host, "parse(url()) gives the same host");
    hold(!host->name().starts_with('-') && !host->user().starts_with('-'), "a host is no option of a program");
  }
  if (const auto time = accepted([&] { return parse_rfc3339(input); })) {
    const bool in_range = *time >= parse_rfc3339("0000-01-01T00:00:00Z") && *time <= parse_rfc3339("9999-12-31T23:59:59.999Z");
    hold(!in_range || parse_rfc3339(to_rfc3339(*time)) == *time, "parse(to_rfc3339()) gives the same time");
  }
  if (const auto minute = accepted([&] { return parse_week_minute(input); })) hold(*minute >= 0 && *minute < 7 * 24 * 60, "a weekly time is within the week");
  if (const auto bytes = accepted([&] { return parse_memory(input); })) hold(*bytes >= 0, "no size is negative");
  if (const auto plain = accepted([&] { return base64_decode(input); })) hold(base64_decode(base64(*plain)) == *plain, "base64 gives the bytes back");
  if (const auto head = accepted([&] { return parse_ledger_head(input); })) hold(parse_ledger_head(to_string(*head)) == *head, "parse(to_string()) gives the same head");
  if (const auto bytes = ssh::read_df(input)) hold(*bytes >= 0, "no disk has less than nothing left");
  try_git(input);
}

}  // namespace deploy::fuzz
