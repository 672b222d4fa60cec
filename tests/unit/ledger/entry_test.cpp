#include <doctest/doctest.h>

#include "helpers.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
const LedgerEntry kEntry{3, "2026-11-22T22:26:53.123Z", "approval_granted", "alice", "production", "", 0, R"({"comment":"go","digest":"sha256:00"})",
                         std::string(64, 'a'), std::string(64, 'b')};
}

TEST_CASE("the hashed bytes are the documented ones") {
  CHECK(canonical_bytes(kEntry) ==
        R"({"actor":"alice","data":{"comment":"go","digest":"sha256:00"},"deployment":"","environment":"production","kind":"approval_granted","prev":")" +
            std::string(64, 'a') + R"(","seq":3,"time":"2026-11-22T22:26:53.123Z","token":0})");
  CHECK(entry_hash(kEntry) == sha256_hex(canonical_bytes(kEntry)));
}

TEST_CASE("the hash of an entry never changes from one version of the library to the next") {
  CHECK(entry_hash(kEntry) == "9d7cec4de76a64f27b476afee714483215c5325e19d48e48073b4b3a16b753bb");
}

TEST_CASE("the hash does not depend on the stored hash, and depends on everything else") {
  LedgerEntry e = kEntry;
  e.hash = "";
  CHECK(entry_hash(e) == entry_hash(kEntry));
  const auto changed = [](auto change) {
    LedgerEntry other = kEntry;
    change(other);
    return entry_hash(other) != entry_hash(kEntry);
  };
  CHECK(changed([](LedgerEntry& x) { x.seq = 4; }));
  CHECK(changed([](LedgerEntry& x) { x.time = ""; }));
  CHECK(changed([](LedgerEntry& x) { x.kind = "approval_denied"; }));
  CHECK(changed([](LedgerEntry& x) { x.actor = "bob"; }));
  CHECK(changed([](LedgerEntry& x) { x.environment = "staging"; }));
  CHECK(changed([](LedgerEntry& x) { x.deployment = "d"; }));
  CHECK(changed([](LedgerEntry& x) { x.token = 1; }));
  CHECK(changed([](LedgerEntry& x) { x.data = "{}"; }));
  CHECK(changed([](LedgerEntry& x) { x.prev = ""; }));
}

TEST_CASE("an exported line is read back as the same entry") {
  LedgerEntry e = kEntry;
  e.actor = std::string("o'\"al\\ice\n\0\xC3\xA9", 13);
  CHECK(parse_json_line(to_json_line(e)) == e);
}

TEST_CASE("a line that is not what we write is refused with the reason") {
  const std::string line = to_json_line(kEntry);
  const auto refused = [](const std::string& text) { return std::string(error_of([&] { (void)parse_json_line(text); }).what()); };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = line;
    return text.replace(text.find(from), from.size(), to);
  };
  CHECK(refused("").find("not valid JSON") != std::string::npos);
  CHECK(refused("[1]").ends_with("it is no JSON object"));
  CHECK(refused(line.substr(0, line.size() / 2)).find("not valid JSON") != std::string::npos);
  CHECK(refused(with(R"("token":0)", R"("tokens":0)")).ends_with("it has the unknown key \"tokens\""));
  CHECK(refused(with(R"("actor":"alice",)", "")).ends_with("the key \"actor\" is missing"));
  CHECK(refused(with(R"("seq":3)", R"("seq":"3")")).ends_with("\"seq\" is no whole number"));
  CHECK(refused(with(R"("seq":3)", R"("seq":3.5)")).ends_with("\"seq\" is no whole number"));
  CHECK(refused(with(R"("actor":"alice")", R"("actor":null)")).ends_with("\"actor\" is no string"));
  CHECK(refused(with(R"({"comment":"go","digest":"sha256:00"})", "[]")).ends_with("\"data\" is no object"));
  CHECK(refused(with(R"("token":0)", R"("token": 0)")).find("not in canonical form") != std::string::npos);
  CHECK(refused(with(R"("actor":"alice")", R"("actor":"alic\u0065")")).find("not in canonical form") != std::string::npos);
  CHECK(refused(with(R"("actor":"alice")", R"("actor":"alice","actor":"alice")")).find("not in canonical form") != std::string::npos);
}

TEST_CASE("data that could pass for other fields of the entry is refused") {
  LedgerEntry e = kEntry;
  for (const char* data : {R"({},"deployment":"d9")", "[]", "", "{ }", R"({"b":1,"a":2})", R"({"a":1,"a":1})", "{\"a\":\"\xFF\"}"}) {
    e.data = data;
    CHECK_MESSAGE(error_of([&] { check_entry(e); }).code() == ErrorCode::corrupt, data);
  }
}
