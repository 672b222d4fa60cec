#include "ledger/entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "deploy/error.hpp"
#include "model/text.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
constexpr std::array<std::string_view, 10> kKeys = {"actor", "data", "deployment", "environment", "hash", "kind", "prev", "seq", "time", "token"};

constexpr const char* kNotCanonical = "it is not in canonical form (sorted keys, no white space, shortest escapes)";

json::Object members(const LedgerEntry& entry, bool with_hash) {
  json::Object object;
  object.add("actor", entry.actor).add_raw("data", entry.data).add("deployment", entry.deployment).add("environment", entry.environment);
  if (with_hash) object.add("hash", entry.hash);
  object.add("kind", entry.kind).add("prev", entry.prev).add("seq", entry.seq).add("time", entry.time).add("token", entry.token);
  return object;
}

[[noreturn]] void malformed(const std::string& why) {
  throw Error(ErrorCode::corrupt, "ledger", "this is not a line of a ledger: " + why);
}

json::Document parse_document(std::string_view text) {
  try {
    return json::parse(text, "the line");
  } catch (const Error& e) {
    malformed(e.what());
  }
}

void check_keys(const json::Value& object) {
  if (!object.IsObject()) malformed("it is no JSON object");
  for (const auto& member : object.GetObject())
    if (std::find(kKeys.begin(), kKeys.end(), json::view(member.name)) == kKeys.end())
      malformed(fmt::format("it has the unknown key \"{}\"", one_line(json::view(member.name), 100)));
}

const json::Value& member(const json::Value& object, std::string_view key) {
  const json::Value* value = json::find(object, key);
  if (value == nullptr) malformed(fmt::format("the key \"{}\" is missing", key));
  return *value;
}

std::string text_member(const json::Value& object, std::string_view key) {
  const json::Value& value = member(object, key);
  if (!value.IsString()) malformed(fmt::format("\"{}\" is no string", key));
  return std::string(json::view(value));
}

std::int64_t number_member(const json::Value& object, std::string_view key) {
  const json::Value& value = member(object, key);
  if (!value.IsInt64()) malformed(fmt::format("\"{}\" is no whole number", key));
  return value.GetInt64();
}

std::string data_member(const json::Value& object) {
  const json::Value& value = member(object, "data");
  if (!value.IsObject()) malformed("\"data\" is no object");
  return json::canonical(value);
}

LedgerEntry read_members(const json::Value& object) {
  LedgerEntry entry;
  entry.seq = number_member(object, "seq");
  entry.time = text_member(object, "time");
  entry.kind = text_member(object, "kind");
  entry.actor = text_member(object, "actor");
  entry.environment = text_member(object, "environment");
  entry.deployment = text_member(object, "deployment");
  entry.token = number_member(object, "token");
  entry.data = data_member(object);
  entry.prev = text_member(object, "prev");
  entry.hash = text_member(object, "hash");
  return entry;
}

}  // namespace

std::string canonical_bytes(const LedgerEntry& entry) { return members(entry, false).str(); }
std::string entry_hash(const LedgerEntry& entry) { return sha256_hex(canonical_bytes(entry)); }
std::string to_json_line(const LedgerEntry& entry) { return members(entry, true).str(); }

LedgerEntry parse_json_line(std::string_view text) {
  const json::Document document = parse_document(text);
  check_keys(document);
  LedgerEntry entry = read_members(document);
  // Strict, so that a changed byte that leaves the value as it is (white space, an escape) is seen too.
  if (to_json_line(entry) != text) malformed(kNotCanonical);
  return entry;
}

namespace {
/// In brackets, because it is one level deeper in its line.
void check_data(const std::string& data) {
  const json::Document document = parse_document("[" + data + "]");
  if (document.Size() != 1 || !document[0].IsObject()) malformed("\"data\" is no object");
  if (json::canonical(document[0]) != data) malformed(kNotCanonical);
}

[[noreturn]] void unreadable(const LedgerEntry& entry, const std::string& why) {
  throw Error(ErrorCode::corrupt, "ledger", fmt::format("ledger entry {} ({}) cannot be read back: {}", entry.seq, one_line(entry.kind, 100), why),
              {{"seq", std::to_string(entry.seq)}, {"kind", one_line(entry.kind, 100)}});
}
}  // namespace

void check_texts(const LedgerEntry& entry) {
  const auto texts = {&entry.time, &entry.kind, &entry.actor, &entry.environment, &entry.deployment, &entry.prev, &entry.hash};
  if (!std::all_of(texts.begin(), texts.end(), [](const std::string* text) { return text::is_utf8(*text); })) unreadable(entry, "a text in it is not valid UTF-8");
}

// As strict as writing the line and reading it again, and a third of the work: the rest of a line is numbers and texts.
void check_entry(const LedgerEntry& entry) {
  try {
    check_data(entry.data);
  } catch (const Error& e) {
    unreadable(entry, e.what());
  }
  check_texts(entry);
}

}  // namespace deploy
