#include "ssh/known_hosts.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>

#include "support/hash.hpp"
#include "support/wire.hpp"
#include "deploy/error.hpp"

namespace deploy::ssh {

namespace {

constexpr std::uint16_t kDefaultPort = 22;

std::string_view next_field(std::string_view& line) {
  const std::size_t start = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(start);
  const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end);
  return field;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::optional<std::string> decoded(std::string_view base64_text) {
  try {
    return base64_decode(base64_text);
  } catch (const Error&) {  // odd text makes an odd line, which is left out
    return std::nullopt;
  }
}

std::optional<KnownHost> parse_line(std::string_view line, std::size_t number) {
  KnownHost entry;
  entry.line = number;
  std::string_view first = next_field(line);
  if (first.empty() || first.starts_with('#')) return std::nullopt;
  if (first.starts_with('@')) {
    if (first == "@revoked") entry.mark = KnownHost::Mark::revoked;
    else if (first == "@cert-authority") entry.mark = KnownHost::Mark::cert_authority;
    else return std::nullopt;
    first = next_field(line);
  }
  entry.hosts = first;
  entry.type = next_field(line);
  const std::optional<std::string> key = decoded(next_field(line));
  if (!key || entry.type.empty() || key_type(*key) != entry.type) return std::nullopt;
  entry.key = *key;
  return entry;
}

// Greedy with one step back: linear in practice, quadratic at worst, never exponential.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_hashed(std::string_view field, const std::string& name) {
  field.remove_prefix(3);  // "|1|"
  const std::size_t bar = field.find('|');
  if (bar == std::string_view::npos) return false;
  const std::optional<std::string> salt = decoded(field.substr(0, bar));
  const std::optional<std::string> wanted = decoded(field.substr(bar + 1));
  if (!salt || !wanted) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), salt->data(), static_cast<int>(salt->size()), reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(), &size);
  return *wanted == std::string_view(reinterpret_cast<const char*>(digest.data()), size);
}

bool names(std::string_view hosts, const std::string& name) {
  if (hosts.starts_with("|1|")) return matches_hashed(hosts, name);
  bool found = false;
  while (!hosts.empty()) {
    const std::size_t comma = std::min(hosts.find(','), hosts.size());
    const std::string pattern = lower(hosts.substr(0, comma));
    hosts.remove_prefix(std::min(comma + 1, hosts.size()));
    if (pattern.starts_with('!')) {
      if (matches_pattern(std::string_view(pattern).substr(1), name)) return false;
    } else if (matches_pattern(pattern, name)) {
      found = true;
    }
  }
  return found;
}

}  // namespace

std::vector<KnownHost> parse_known_hosts(std::string_view text) {
  std::vector<KnownHost> entries;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (std::optional<KnownHost> entry = parse_line(text.substr(0, end), number)) entries.push_back(std::move(*entry));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return entries;
}

std::string known_hosts_name(std::string_view host, std::uint16_t port) {
  return port == kDefaultPort ? lower(host) : "[" + lower(host) + "]:" + std::to_string(port);
}

bool names_host(std::string_view hosts, std::string_view host, std::uint16_t port) { return names(hosts, known_hosts_name(host, port)); }

HostKeyFinding judge_host_key(const std::vector<KnownHost>& entries, std::string_view host, std::uint16_t port, std::string_view key) {
  HostKeyFinding finding;
  const KnownHost* contradicted = nullptr;
  for (const KnownHost& entry : entries) {
    const bool named = names_host(entry.hosts, host, port);
    // As ssh does: a right key recorded without the port is right; a wrong one there says nothing about this port.
    const bool named_without_port = !named && names_host(entry.hosts, host, kDefaultPort);
    if (!named && !named_without_port) continue;
    if (entry.mark == KnownHost::Mark::cert_authority) {
      finding.only_authorities = true;
    } else if (entry.key == key) {
      finding.verdict = entry.mark == KnownHost::Mark::revoked ? HostKeyVerdict::revoked : HostKeyVerdict::known;
      finding.line = entry.line;
      if (finding.verdict == HostKeyVerdict::revoked) return finding;
    } else if (entry.mark == KnownHost::Mark::none && named) {
      const bool same_type = entry.type == key_type(key);
      if (contradicted == nullptr || (same_type && contradicted->type != entry.type)) contradicted = &entry;
    }
  }
  if (finding.verdict == HostKeyVerdict::known || contradicted == nullptr) return finding;
  return {HostKeyVerdict::changed, contradicted->line, fingerprint(contradicted->key), false};
}

std::vector<std::string> recorded_types(const std::vector<KnownHost>& entries, std::string_view host, std::uint16_t port) {
  std::vector<std::string> exact;
  std::vector<std::string> without_port;
  for (const KnownHost& entry : entries) {
    if (entry.mark != KnownHost::Mark::none) continue;
    if (names_host(entry.hosts, host, port)) exact.push_back(entry.type);
    else if (names_host(entry.hosts, host, kDefaultPort)) without_port.push_back(entry.type);
  }
  return exact.empty() ? without_port : exact;
}

std::string fingerprint(std::string_view key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::string text = base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

std::string key_type(std::string_view key) {
  WireReader reader(key);
  const std::optional<std::string_view> type = reader.string();
  return type ? std::string(*type) : "";
}

}  // namespace deploy::ssh
