#include "registry/address.hpp"

#include <doctest/doctest.h>

using namespace deploy::registry;

TEST_CASE("Docker Hub is asked at its registry host") {
  CHECK(base_urls("docker.io", false) == std::vector<BaseUrl>{{"https://registry-1.docker.io", true}});
  CHECK(base_urls("ghcr.io", false) == std::vector<BaseUrl>{{"https://ghcr.io", true}});
}

TEST_CASE("plain HTTP goes to this machine only, unless the configuration says insecure") {
  for (const char* host : {"localhost", "localhost:5000", "127.0.0.1:5000", "127.9.8.7", "[::1]:5000"}) {
    CAPTURE(host);
    CHECK(base_urls(host, false) == std::vector<BaseUrl>{{std::string("http://") + host, true}});
  }
  for (const char* host : {"128.0.0.1:5000", "localhost.example.com", "127.0.0.1.example.com", "registry:5000", "[fe80::1]:5000", "10.0.0.1"}) {
    CAPTURE(host);
    CHECK(base_urls(host, false) == std::vector<BaseUrl>{{std::string("https://") + host, true}});
  }
  CHECK(base_urls("registry:5000", true) == std::vector<BaseUrl>{{"https://registry:5000", false}, {"http://registry:5000", true}});
}

TEST_CASE("a login goes to a token service over HTTPS or on this machine, nowhere else") {
  const std::string secure = "https://registry.example.com";
  CHECK(is_trustworthy_realm("https://auth.docker.io/token", secure));
  CHECK(is_trustworthy_realm("http://127.0.0.1:5001/token", secure));
  CHECK_FALSE(is_trustworthy_realm("http://auth.example.com/token", secure));
  CHECK_FALSE(is_trustworthy_realm("http://registry.example.com/token", secure));
  CHECK_FALSE(is_trustworthy_realm("ftp://auth.example.com", secure));
  CHECK_FALSE(is_trustworthy_realm("", secure));
  CHECK_FALSE(is_trustworthy_realm("https://user:pw@evil.example/", secure));
  CHECK_FALSE(is_trustworthy_realm("http://127.0.0.1@evil.example/", secure));
  CHECK(is_trustworthy_realm("http://registry.lan:5001/token", "http://registry.lan:5000"));
  CHECK_FALSE(is_trustworthy_realm("http://other.lan:5001/token", "http://registry.lan:5000"));
}

TEST_CASE("a URL is split into where and what") {
  CHECK(split_url("https://a.example:8443/token?x=1#f").origin == "https://a.example:8443");
  CHECK(split_url("https://a.example:8443/token?x=1#f").path == "/token?x=1");
  CHECK(split_url("https://a.example").path == "/");
  CHECK(split_url("https://a.example?x").path == "/?x");
  CHECK(split_url("https://").origin.empty());
  CHECK(split_url("/relative").origin.empty());
}
