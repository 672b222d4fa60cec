// Each struct has one list of its members, from which it is both written and read. To add a member: a name in the binding, which
// does not compile without it, and a line below. A text that lacks a member, or has one too many, is not read at all.
#include "ledger/state_json.hpp"

#include <array>
#include <concepts>
#include <set>
#include <type_traits>

#include "deploy/error.hpp"
#include "ledger/records.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"

namespace deploy {

namespace {
template <class T, class Of>
concept Is = std::same_as<std::remove_const_t<T>, Of>;

struct Members {
  template <class V>
  static void of(V& visit, Is<LedgerHead> auto& x) {
    auto& [seq, hash] = x;
    visit("seq", seq);
    visit("hash", hash);
  }
  template <class V>
  static void of(V& visit, Is<LiveVersion> auto& x) {
    auto& [version, digest] = x;
    visit("version", version);
    visit("digest", digest);
  }
  template <class V>
  static void of(V& visit, Is<Verification> auto& x) {
    auto& [digest, version, first, last, first_seq] = x;
    visit("digest", digest);
    visit("version", version);
    visit("first", first);
    visit("last", last);
    visit("first_seq", first_seq);
  }
  template <class V>
  static void of(V& visit, Is<ApprovalDecision> auto& x) {
    auto& [granted, digest, policy_hash, actor, comment, time, expires, text, signature, key, replayed] = x;
    visit("granted", granted);
    visit("digest", digest);
    visit("policy_hash", policy_hash);
    visit("actor", actor);
    visit("comment", comment);
    visit("time", time);
    visit("expires", expires);
    visit("text", text);
    visit("signature", signature);
    visit("key", key);
    visit("replayed", replayed);
  }
  template <class V>
  static void of(V& visit, Is<Quarantine> auto& x) {
    auto& [version, reason, by, since] = x;
    visit("version", version);
    visit("reason", reason);
    visit("by", by);
    visit("since", since);
  }
  template <class V>
  static void of(V& visit, Is<StepState> auto& x) {
    auto& [progress, result] = x;
    visit("progress", progress);
    visit("result", result);
  }
  template <class V>
  static void of(V& visit, Is<OpenDeployment> auto& x) {
    auto& [id, actor, plan, gates, started, steps, failing, verified, parent, mended] = x;
    visit("id", id);
    visit("actor", actor);
    visit("plan", plan);
    visit("gates", gates);
    visit("started", started);
    visit("steps", steps);
    visit("failing", failing);
    visit("verified", verified);
    visit("parent", parent);
    visit("mended", mended);
  }
  template <class V>
  static void of(V& visit, Is<EnvironmentState> auto& x) {
    auto& [live, live_since, live_deployment, live_container_hash, verified, decisions, frozen, frozen_by, frozen_reason, open, open_order, last_outcome,
           unfinished, last_digest, retained] = x;
    visit("live", live);
    visit("live_since", live_since);
    visit("live_deployment", live_deployment);
    visit("live_container_hash", live_container_hash);
    visit("verified", verified);
    visit("decisions", decisions);
    visit("frozen", frozen);
    visit("frozen_by", frozen_by);
    visit("frozen_reason", frozen_reason);
    visit("open", open);
    visit("open_order", open_order);
    visit("last_outcome", last_outcome);
    visit("unfinished", unfinished);
    visit("last_digest", last_digest);
    visit("retained", retained);
  }
  template <class V>
  static void of(V& visit, Is<State> auto& x) {
    auto& [head, releases, environments, quarantined, nonces] = x;
    visit("head", head);
    visit("releases", releases);
    visit("environments", environments);
    visit("quarantined", quarantined);
    visit("nonces", nonces);
  }
};

constexpr std::array<std::string_view, 5> kProgress = {"intended", "done", "failed", "undoing", "undone"};

class Writer {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    object_.add_raw(name, text(value));
  }

  static std::string text(const std::string& value) { return json::quote(value); }
  static std::string text(bool value) { return value ? "true" : "false"; }
  static std::string text(std::int64_t value) { return std::to_string(value); }
  static std::string text(TimePoint value) { return text(std::int64_t{value.time_since_epoch().count()}); }
  static std::string text(StepProgress value) { return json::quote(kProgress.at(static_cast<std::size_t>(value))); }
  static std::string text(Outcome value) { return json::quote(to_string(value)); }
  static std::string text(const Release& value) { return release_object(value).str(); }
  static std::string text(const Plan& value) { return plan_object(value).str(); }
  static std::string text(const std::vector<GateAnswer>& value) { return gates_array(value).str(); }

  template <class T>
  static std::string text(const std::optional<T>& value) {
    return value ? text(*value) : "null";
  }
  template <class T>
  static std::string text(const std::vector<T>& values) {
    json::Array array;
    for (const T& value : values) array.add_raw(text(value));
    return array.str();
  }
  template <class T>
  static std::string text(const std::set<T>& values) {
    json::Array array;
    for (const T& value : values) array.add_raw(text(value));
    return array.str();
  }
  template <class T>
  static std::string text(const std::map<std::string, T>& values) {
    json::Object object;
    for (const auto& [key, value] : values) object.add_raw(key, text(value));
    return object.str();
  }
  template <class T>
  static std::string text(const std::map<int, T>& values) {
    json::Object object;
    for (const auto& [key, value] : values) object.add_raw(std::to_string(key), text(value));
    return object.str();
  }
  template <class T>
    requires requires(Writer& writer, const T& value) { Members::of(writer, value); }
  static std::string text(const T& value) {
    Writer writer;
    Members::of(writer, value);
    return writer.object_.str();
  }

 private:
  json::Object object_;
};

[[noreturn]] void malformed(std::string_view what) { throw Error(ErrorCode::corrupt, "ledger", "the checkpoint makes no sense: " + std::string(what)); }

void expect(bool condition, std::string_view what) {
  if (!condition) malformed(what);
}

class Reader {
 public:
  explicit Reader(const json::Value& object) : object_(object) { expect(object.IsObject(), "no object"); }

  template <class T>
  void operator()(std::string_view name, T& value) {
    const json::Value* member = json::find(object_, name);
    if (member == nullptr) malformed(name);
    read(*member, value);
    ++seen_;
  }

  static void read(const json::Value& from, std::string& value) {
    expect(from.IsString(), "no string");
    value = json::view(from);
  }
  static void read(const json::Value& from, bool& value) {
    expect(from.IsBool(), "neither true nor false");
    value = from.GetBool();
  }
  static void read(const json::Value& from, std::int64_t& value) {
    expect(from.IsInt64(), "no whole number");
    value = from.GetInt64();
  }
  static void read(const json::Value& from, TimePoint& value) {
    std::int64_t count = 0;
    read(from, count);
    value = TimePoint{std::chrono::milliseconds{count}};
  }
  static void read(const json::Value& from, StepProgress& value) {
    std::string name;
    read(from, name);
    std::size_t index = 0;
    while (index < kProgress.size() && kProgress.at(index) != name) ++index;
    expect(index < kProgress.size(), name);
    value = static_cast<StepProgress>(index);
  }
  static void read(const json::Value& from, Outcome& value) {
    std::string name;
    read(from, name);
    value = parse_outcome(name);
  }
  static void read(const json::Value& from, Plan& value) { value = plan_from(from); }
  static void read(const json::Value& from, std::vector<GateAnswer>& value) { value = gates_from(&from); }
  static void read(const json::Value& from, Release& value) { value = release_from(from); }

  template <class T>
  static void read(const json::Value& from, std::optional<T>& value) {
    if (from.IsNull()) value.reset();
    else read(from, value.emplace());
  }
  template <class T>
  static void read(const json::Value& from, std::vector<T>& values) {
    expect(from.IsArray(), "no array");
    values.reserve(from.Size());
    for (const json::Value& item : from.GetArray()) read(item, values.emplace_back());
  }
  template <class T>
  static void read(const json::Value& from, std::set<T>& values) {
    std::vector<T> list;
    read(from, list);
    values = {list.begin(), list.end()};
  }
  template <class T>
  static void read(const json::Value& from, std::map<std::string, T>& values) {
    expect(from.IsObject(), "no object");
    for (const auto& member : from.GetObject()) read(member.value, values[std::string(json::view(member.name))]);
  }
  template <class T>
  static void read(const json::Value& from, std::map<int, T>& values) {
    expect(from.IsObject(), "no object");
    for (const auto& member : from.GetObject()) read(member.value, values[std::stoi(std::string(json::view(member.name)))]);
  }
  template <class T>
    requires requires(Reader& reader, T& value) { Members::of(reader, value); }
  static void read(const json::Value& from, T& value) {
    Reader reader(from);
    Members::of(reader, value);
    expect(reader.seen_ == from.MemberCount(), "a member too many");
  }

 private:
  const json::Value& object_;
  std::size_t seen_ = 0;
};

std::string header(std::string_view body) {
  return json::Object().add("format", kStateFormat).add("libdeploy", LIBDEPLOY_VERSION).add("sha256", sha256_hex(body)).str();
}
}  // namespace

std::string state_to_text(const State& state) {
  const std::string body = Writer::text(state);
  return header(body) + "\n" + body;
}

std::optional<State> state_from_text(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || text.substr(0, end) != header(text.substr(end + 1))) return std::nullopt;
  try {
    State state;
    Reader::read(json::parse(text.substr(end + 1), "the checkpoint"), state);
    return state;
  } catch (const std::exception&) {
    return std::nullopt;  // the entries themselves say it all, and are folded instead
  }
}

}  // namespace deploy
