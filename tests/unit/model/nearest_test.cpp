#include <doctest/doctest.h>

#include "model/address.hpp"
#include "model/nearest.hpp"
#include "model/text.hpp"

using namespace deploy;

TEST_CASE("the distance counts what a typist does wrong") {
  CHECK(edit_distance("timeout", "timeout") == 0);
  CHECK(edit_distance("timeot", "timeout") == 1);
  CHECK(edit_distance("tiemout", "timeout") == 1);
  CHECK(edit_distance("Timeout", "timeout") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("only a near word is suggested") {
  CHECK(nearest("enviroments", {"environments", "engine", "image"}) == "environments");
  CHECK(nearest("prob", {"probe", "ports"}) == "probe");
  CHECK(nearest("xyzzy", {"probe", "ports"}).empty());
  CHECK(nearest(std::string(5000, 'x'), {"probe"}).empty());
  CHECK(nearest("a", std::initializer_list<std::string_view>{}).empty());
}

TEST_CASE("UTF-8 is checked as RFC 3629 has it") {
  for (const char* good : {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf"}) CHECK(text::is_utf8(good));
  for (const char* bad : {"\xff", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82", "a\x80"}) CHECK_FALSE(text::is_utf8(bad));
  CHECK(text::find_malformed_utf8("ok\xff") == 2);
}

TEST_CASE("what is quoted in a message has no password of a URL in it") {
  CHECK(text::quoted("postgres://app:hunter2@db/x") == "'postgres://app:[redacted]@db/x'");
  CHECK(text::quoted("https://app:hunt/er@2@db") == "'https://app:[redacted]@db'");
  CHECK(text::quoted("https://r.io:5000/x@sha256") == "'https://r.io:5000/x@sha256'");
  CHECK(text::quoted("plain:text@x") == "'plain:text@x'");
}

TEST_CASE("IPv6 addresses are told from lookalikes") {
  for (const char* good : {"::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::8"})
    CHECK_MESSAGE(address::parse_ipv6(good).has_value(), good);
  for (const char* bad : {"", ":", ":::", "1", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "1.2.3.4",
                          "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7::8"})
    CHECK_MESSAGE(!address::parse_ipv6(bad).has_value(), bad);
}
