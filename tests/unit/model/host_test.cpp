#include <doctest/doctest.h>

#include <array>

#include "deploy/host.hpp"
#include "refusal.hpp"

using namespace deploy;
using deploy::test::contains;
using deploy::test::refusal;

TEST_CASE("hosts are read as DOCKER_HOST is, and one host has one spelling") {
  struct Row { std::string written, url, name, user; int port; };
  const std::array rows = {
      Row{"unix:///var/run/docker.sock", "unix:///var/run/docker.sock", "localhost", "", 0},
      Row{"unix:///var//run/./docker.sock", "unix:///var/run/docker.sock", "localhost", "", 0},
      Row{"ssh://deploy@192.0.2.10", "ssh://deploy@192.0.2.10", "192.0.2.10", "deploy", 22},
      Row{"ssh://deploy@192.0.2.10:22", "ssh://deploy@192.0.2.10", "192.0.2.10", "deploy", 22},
      Row{"SSH://deploy@Web-1.Example.com:2222/", "ssh://deploy@web-1.example.com:2222", "web-1.example.com", "deploy", 2222},
      Row{"ssh://bastion", "ssh://bastion", "bastion", "", 22},
      Row{"ssh://a@b@c", "ssh://a@b@c", "c", "a@b", 22},
      Row{"ssh://root@[2001:DB8::1]:2222", "ssh://root@[2001:db8::1]:2222", "2001:db8::1", "root", 2222},
      Row{"ssh://[fe80::1%eth0]", "ssh://[fe80::1%eth0]", "fe80::1%eth0", "", 22},
      Row{"tcp://10.0.0.1:2376", "tcp://10.0.0.1:2376", "10.0.0.1", "", 2376},
      Row{"tcp://engine.example", "tcp://engine.example:2376", "engine.example", "", 2376},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    const Host host = Host::parse(row.written);
    CHECK(host.url() == row.url);
    CHECK(host.name() == row.name);
    CHECK(host.user() == row.user);
    CHECK(host.port() == row.port);
    CHECK(Host::parse(host.url()) == host);
  }
}

TEST_CASE("a refused host says why") {
  struct Row { std::string written, reason; };
  const std::array rows = {
      Row{"", "expected unix:///path"},
      Row{"192.0.2.10", "expected unix:///path"},
      Row{"http://x", "expected unix:///path"},
      Row{"unix://run/docker.sock", "must be absolute"},
      Row{"unix:///", "path of the socket is missing"},
      Row{"unix:///" + std::string(107, 'x'), "108 bytes; the system allows 107"},
      Row{"ssh://", "name is missing"},
      Row{"ssh://user@", "name is missing"},
      Row{"ssh://@host", "user '' is not a login name"},
      Row{"ssh://-oProxyCommand=x", "is not a host name"},
      Row{"ssh://-l@host", "is not a login name"},
      Row{"ssh://a b@host", "is not a login name"},
      Row{"ssh://host:0", "port '0' is not a number from 1 to 65535"},
      Row{"ssh://host:", "port '' is not a number"},
      Row{"ssh://::1", "stands in brackets"},
      Row{"ssh://[::1", "is not closed"},
      Row{"ssh://[::1]x", "only a port may follow"},
      Row{"ssh://[zz]", "'zz' is not an IPv6 address"},
      Row{"ssh://host/run/docker.sock", "nothing may follow the host"},
      Row{"tcp://user@host:1", "tcp:// takes no user"},
      Row{"ssh://ho_st!", "'ho_st!' is not a host name"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    const std::string why = refusal([&] { return Host::parse(row.written); });
    CHECK_MESSAGE(contains(why, row.reason), why);
  }
}

TEST_CASE("a password in a host's URL is refused and not repeated") {
  const std::string why = refusal([] { return Host::parse("ssh://deploy:hunter2@host"); });
  CHECK(contains(why, "'ssh://deploy:[redacted]@host'"));
  CHECK(contains(why, "a password does not belong here"));
  CHECK_FALSE(contains(why, "hunter2"));
  for (const char* url : {"tcp://deploy:hunter2@host", "http://a:hunter2@host", "ssh://a:hunter2@ho st"})
    CHECK_FALSE(contains(refusal([&] { return Host::parse(url); }), "hunter2"));
}
