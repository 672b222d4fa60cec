#include <doctest/doctest.h>

#include <array>

#include "deploy/container.hpp"
#include "refusal.hpp"

using namespace deploy;
using deploy::test::contains;
using deploy::test::refusal;

TEST_CASE("port bindings are read and written back in one form") {
  struct Row { std::string written, str; };
  const std::array rows = {
      Row{"8080:80", "8080:80"},
      Row{"8080:80/tcp", "8080:80"},
      Row{"53:53/UDP", "53:53/udp"},
      Row{"127.0.0.1:8080:80", "127.0.0.1:8080:80"},
      Row{"[::1]:53:53/udp", "[::1]:53:53/udp"},
      Row{"[2001:DB8::1]:1:2/sctp", "[2001:db8::1]:1:2/sctp"},
      Row{"9000-9002:9100-9102", "9000-9002:9100-9102"},
      Row{"65535:1", "65535:1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    CHECK(PortBinding::parse(row.written).str() == row.str);
    CHECK(PortBinding::parse(row.str) == PortBinding::parse(row.written));
  }
  const auto range = PortBinding::parse("0.0.0.0:9000-9002:80-82");
  CHECK(range.address == "0.0.0.0");
  CHECK(range.host_first == 9000);
  CHECK(range.host_last == 9002);
  CHECK(range.container_first == 80);
  CHECK(range.container_last == 82);
}

TEST_CASE("a refused port says why") {
  struct Row { std::string written, reason; };
  const std::array rows = {
      Row{"", "the host's port must be given too"},
      Row{"80", "the host's port must be given too"},
      Row{"0:80", "'0' is not a port from 1 to 65535"},
      Row{"8080:65536", "'65536' is not a port"},
      Row{"8080:", "'' is not a port"},
      Row{":80", "'' is not a port"},
      Row{"+80:80", "'+80' is not a port"},
      Row{"80:80/icmp", "'icmp' is not one of tcp, udp, sctp"},
      Row{"9000-9002:80", "different lengths (3 and 1)"},
      Row{"9002-9000:1-3", "'9002-9000' runs backwards"},
      Row{"localhost:80:80", "'localhost' is not an IPv4 address"},
      Row{"256.0.0.1:80:80", "'256.0.0.1' is not an IPv4 address"},
      Row{"010.0.0.1:80:80", "is not an IPv4 address"},
      Row{"::1:80:80", "IPv6 address stands in brackets"},
      Row{"[::1]80:80", "must follow the address"},
      Row{"[::g]:80:80", "is not an IPv6 address"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    const std::string why = refusal([&] { return PortBinding::parse(row.written); });
    CHECK_MESSAGE(contains(why, row.reason), why);
  }
}

TEST_CASE("two bindings overlap when one host could not serve both") {
  const auto overlap = [](const char* a, const char* b) {
    const auto x = PortBinding::parse(a), y = PortBinding::parse(b);
    CHECK(x.overlaps(y) == y.overlaps(x));
    return x.overlaps(y);
  };
  CHECK(overlap("8080:80", "8080:81"));
  CHECK(overlap("8080:80", "127.0.0.1:8080:80"));
  CHECK(overlap("0.0.0.0:8080:80", "127.0.0.1:8080:80"));
  CHECK(overlap("8080:80", "[::1]:8080:80"));
  CHECK(overlap("9000-9005:1-6", "9005:80"));
  CHECK(overlap("[::1]:80:80", "[0:0:0:0:0:0:0:1]:80:80"));
  CHECK(overlap("[::]:80:80", "[::1]:80:80"));
  CHECK_FALSE(overlap("8080:80", "8081:80"));
  CHECK_FALSE(overlap("53:53/udp", "53:53/tcp"));
  CHECK_FALSE(overlap("127.0.0.1:80:80", "127.0.0.2:80:80"));
  CHECK_FALSE(overlap("127.0.0.1:80:80", "[::1]:80:80"));
  CHECK_FALSE(overlap("0.0.0.0:80:80", "[::]:80:80"));
}

TEST_CASE("memory is read in the Engine's units") {
  CHECK(parse_memory("256m") == 256LL << 20);
  CHECK(parse_memory("1G") == 1LL << 30);
  CHECK(parse_memory("512k") == 512LL << 10);
  CHECK(parse_memory("2t") == 2LL << 40);
  CHECK(parse_memory("1048576") == 1048576);
  CHECK(parse_memory("9223372036854775807") == INT64_MAX);
  for (const char* text : {"", "m", "-1m", "1.5g", "1x", "1 g", "9223372036854775808", "8388608t", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_memory(text), Error);
  }
  CHECK(contains(refusal([] { return parse_memory("1x"); }), "unit 'x' is not one of b, k, m, g, t"));
}

TEST_CASE("container names are what the Engine accepts") {
  for (const char* name : {"a", "myapp-staging", "A.b_c-9", "0x"}) CHECK(is_valid_container_name(name));
  for (const char* name : {"", "-a", ".a", "_a", "a b", "a/b", "ä"}) CHECK_FALSE(is_valid_container_name(name));
  CHECK(is_valid_container_name(std::string(200, 'x')));
  CHECK_FALSE(is_valid_container_name(std::string(201, 'x')));
}
