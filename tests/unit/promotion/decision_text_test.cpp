#include "promotion/decision_text.hpp"

#include <doctest/doctest.h>

#include "refusal.hpp"

using namespace deploy;

namespace {
Decision example() {
  Decision d;
  d.application = "shop";
  d.environment = "production";
  d.version = "1.0.2";
  d.digest = "sha256:" + std::string(64, 'd');
  d.replaces = LiveVersion{"1.0.1", "sha256:" + std::string(64, '4')};
  d.policy_hash = std::string(64, '3');
  d.creator = "ci";
  d.approver = "alice";
  d.issued = parse_rfc3339("2026-11-22T22:26:53.123Z");
  d.expires = parse_rfc3339("2026-11-23T22:26:53.123Z");
  d.nonce = "0f6c";
  d.comment = "tested \"by hand\"\nand again";
  return d;
}

constexpr const char* kText =
    "libdeploy-approval-v1\n"
    "decision: approve\n"
    "application: shop\n"
    "environment: production\n"
    "version: 1.0.2\n"
    "digest: sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\n"
    "replaces: 1.0.1 sha256:4444444444444444444444444444444444444444444444444444444444444444\n"
    "policy: 3333333333333333333333333333333333333333333333333333333333333333\n"
    "creator: ci\n"
    "approver: alice\n"
    "issued: 2026-11-22T22:26:53.123Z\n"
    "expires: 2026-11-23T22:26:53.123Z\n"
    "nonce: 0f6c\n"
    "comment: \"tested \\\"by hand\\\"\\nand again\"\n";

std::string with(std::string what, const std::string& by) {
  std::string text = kText;
  return text.replace(text.find(what), what.size(), by);
}
std::string refused(const std::string& text) {
  return test::refusal([&] { return parse_decision_text(text); });
}
}  // namespace

TEST_CASE("the signed text is written line by line, and read back whole") {
  CHECK(decision_text(example()) == kText);
  const Decision read = parse_decision_text(kText);
  CHECK(decision_text(read) == kText);
  CHECK(read.text == kText);
  CHECK(read.granted);
  CHECK(read.replaces == example().replaces);
  CHECK(read.expires == example().expires);
  CHECK(read.comment == example().comment);
  CHECK(read.approver == "alice");
}

TEST_CASE("a denial never expires, and a first deployment replaces nothing") {
  Decision d = example();
  d.granted = false;
  d.expires.reset();
  d.replaces.reset();
  const std::string text = decision_text(d);
  CHECK(test::contains(text, "decision: deny\n"));
  CHECK(test::contains(text, "replaces: nothing\n"));
  CHECK(test::contains(text, "expires: never\n"));
  CHECK_FALSE(parse_decision_text(text).expires.has_value());
}

TEST_CASE("a text that is written in any other way is refused, by its line") {
  CHECK(test::contains(refused(with("v1", "v2")), "line 1 of the signed text is not 'libdeploy-approval-v1'"));
  CHECK(test::contains(refused(with("application: shop\n", "")), "line 3 of the signed text does not begin with 'application: '"));
  CHECK(test::contains(refused(with("approve\n", "approve\r\n")), "line 2 of the signed text ends with CR LF"));
  CHECK(test::contains(refused(with("approve\n", "perhaps\n")), "line 2 of the signed text makes no sense: 'approve' or 'deny'"));
  CHECK(test::contains(refused(with("1.0.1 sha256", "1.0.1,sha256")), "line 7 of the signed text makes no sense"));
  CHECK(test::contains(refused(with("2026-11-22T", "22.11.2026 ")), "line 11 of the signed text makes no sense"));
  CHECK(test::contains(refused(with("\"tested", "tested")), "line 14 of the signed text makes no sense"));
  CHECK(test::contains(refused(kText + std::string("more\n")), "line 15 of the signed text is one too many"));
  CHECK(test::contains(refused(std::string(kText).substr(0, 60)), "has no line end"));
  CHECK(test::contains(refused(""), "line 1 of the signed text is missing"));
  CHECK(test::contains(refused(with("53.123Z\nexpires", "53.1230Z\nexpires")), "not written as '--draft' prints it"));
  CHECK(test::contains(refused(with("and again\"", "and again\" ")), "not written as '--draft' prints it"));
  CHECK(test::contains(refused(std::string(70'000, 'x')), "longer than any"));
}

TEST_CASE("a name that would break out of its line is not put into a text") {
  Decision d = example();
  d.approver = "alice\nexpires: never";
  CHECK(test::contains(test::refusal([&] { return decision_text(d); }), "has a control character in it"));
}
