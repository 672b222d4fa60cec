#include "registry/address.hpp"

#include <arpa/inet.h>

namespace deploy::registry {

namespace {
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

std::string authority_of(std::string_view origin) { return std::string(origin.substr(origin.find("://") + 3)); }
}  // namespace

bool is_loopback(std::string_view authority) {
  const std::string host = host_of(authority);
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::vector<BaseUrl> base_urls(std::string_view registry, bool insecure) {
  const std::string host = registry == "docker.io" ? "registry-1.docker.io" : std::string(registry);
  if (insecure) return {{"https://" + host, false}, {"http://" + host, true}};
  if (is_loopback(host)) return {{"http://" + host, true}};
  return {{"https://" + host, true}};
}

SplitUrl split_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  if (const auto name = url.substr(0, scheme); name != "http" && name != "https") return {};
  const std::size_t path = url.find_first_of("/?#", scheme + 3);
  const std::string_view origin = url.substr(0, path);
  if (origin.size() == scheme + 3 || origin.find('@') != std::string_view::npos) return {};
  std::string rest = path == std::string_view::npos ? "/" : std::string(url.substr(path, url.find('#') - path));
  if (!rest.starts_with('/')) rest.insert(0, "/");
  return {std::string(origin), rest};
}

bool is_trustworthy_realm(std::string_view realm, std::string_view registry_url) {
  const std::string origin = split_url(realm).origin;
  if (origin.empty()) return false;
  if (origin.starts_with("https://")) return true;
  const std::string authority = authority_of(origin);
  if (is_loopback(authority)) return true;
  return registry_url.starts_with("http://") && host_of(authority) == host_of(authority_of(registry_url));
}

}  // namespace deploy::registry
