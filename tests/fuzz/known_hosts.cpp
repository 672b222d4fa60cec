// known_hosts, judged for a host: "host port", a base64 key, the file, with lines of four dashes between.
#include "ssh/known_hosts.hpp"

#include <algorithm>

#include "ssh/key_file.hpp"
#include "support/hash.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
struct Asked {
  std::string host;
  std::uint16_t port = 22;
};

Asked asked_of(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const auto port = blank == std::string_view::npos ? std::nullopt : text::port(text.substr(blank + 1));
  return {std::string(text.substr(0, blank)), port.value_or(22)};
}

void hold_judgement(const std::vector<ssh::KnownHost>& entries, const Asked& asked, const std::string& key) {
  const ssh::HostKeyFinding found = ssh::judge_host_key(entries, asked.host, asked.port, key);
  const auto is_revoked = [&](const ssh::KnownHost& e) {
    return e.mark == ssh::KnownHost::Mark::revoked && e.key == key && (ssh::names_host(e.hosts, asked.host, asked.port) || ssh::names_host(e.hosts, asked.host, 22));
  };
  const bool revoked = std::any_of(entries.begin(), entries.end(), is_revoked);
  hold(!revoked || found.verdict == ssh::HostKeyVerdict::revoked, "a revoked key is never accepted");
  if (found.verdict != ssh::HostKeyVerdict::known) return;
  const auto recorded = [&](const ssh::KnownHost& e) { return e.line == found.line && e.key == key && e.mark == ssh::KnownHost::Mark::none; };
  hold(std::any_of(entries.begin(), entries.end(), recorded), "a key is known only by a line that holds it");
}
}  // namespace

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const Asked asked = asked_of(part(parts, 0));
  const auto key = accepted([&] { return base64_decode(part(parts, 1)); });
  const std::vector<ssh::KnownHost> entries = ssh::parse_known_hosts(part(parts, 2));
  for (const ssh::KnownHost& entry : entries) hold(ssh::key_type(entry.key) == entry.type, "a line's key is of the type that it names");
  if (key) hold_judgement(entries, asked, *key);
  for (const ssh::KnownHost& entry : entries) hold_judgement(entries, asked, entry.key);
  (void)ssh::recorded_types(entries, asked.host, asked.port);
  (void)ssh::parse_public_key(part(parts, 2));
  (void)ssh::inspect_key(part(parts, 2));
  (void)ssh::fingerprint(part(parts, 2));
}

}  // namespace deploy::fuzz
