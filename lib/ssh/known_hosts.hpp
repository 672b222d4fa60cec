// known_hosts as values: parsing that never fails, and the judgement of a host's key. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deploy::ssh {

struct KnownHost {
  enum class Mark { none, revoked, cert_authority };
  Mark mark = Mark::none;
  std::string hosts;  ///< the first field: patterns, or one hashed name
  std::string type;   ///< "ssh-ed25519" ...
  std::string key;    ///< the public key blob, decoded
  std::size_t line = 0;
};

/// Lines that make no sense are left out, and spoil no other.
[[nodiscard]] std::vector<KnownHost> parse_known_hosts(std::string_view text);

/// Whether the first field of a line is about that host: patterns, negation, "[host]:port", hashed names.
[[nodiscard]] bool names_host(std::string_view hosts, std::string_view host, std::uint16_t port);

enum class HostKeyVerdict { known, unknown, changed, revoked };

struct HostKeyFinding {
  HostKeyVerdict verdict = HostKeyVerdict::unknown;
  std::size_t line = 0;     ///< of the entry that matched, or that the key contradicts
  std::string recorded;     ///< fingerprint of the contradicted entry
  bool only_authorities = false;  ///< unknown, but a @cert-authority line covers the host
};

[[nodiscard]] HostKeyFinding judge_host_key(const std::vector<KnownHost>& entries, std::string_view host, std::uint16_t port,
                                            std::string_view key);

/// Key types recorded for the host, in the order of the file: what to ask the server for.
[[nodiscard]] std::vector<std::string> recorded_types(const std::vector<KnownHost>& entries, std::string_view host, std::uint16_t port);

/// "SHA256:..." as ssh-keygen prints it.
[[nodiscard]] std::string fingerprint(std::string_view key);
/// The type name inside a public key blob, "" when it makes no sense.
[[nodiscard]] std::string key_type(std::string_view key);
/// "host", or "[host]:port" when the port is not 22: as known_hosts names it.
[[nodiscard]] std::string known_hosts_name(std::string_view host, std::uint16_t port);

}  // namespace deploy::ssh
