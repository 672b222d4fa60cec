#include "support/json.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/pointer.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>

#include "deploy/error.hpp"
#include "support/one_line.hpp"

namespace deploy::json {

namespace {
[[noreturn]] void malformed(std::string_view what, const std::string& why) {
  throw Error(ErrorCode::protocol, "json", fmt::format("{} is not valid JSON: {}", what, why));
}

void append_quoted(std::string& out, std::string_view raw);
void write_canonical(const Value& value, std::string& out);

void write_members(const Value& object, std::string& out) {
  std::vector<const Value::Member*> members;
  members.reserve(object.MemberCount());
  for (auto it = object.MemberBegin(); it != object.MemberEnd(); ++it) members.push_back(&*it);
  std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return view(a->name) < view(b->name); });
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0 && view(members[i]->name) == view(members[i - 1]->name)) malformed("the object", "a key stands twice");
    if (i > 0) out += ',';
    append_quoted(out, view(members[i]->name));
    out += ':';
    write_canonical(members[i]->value, out);
  }
}

void write_canonical(const Value& value, std::string& out) {
  if (value.IsObject()) {
    out += '{';
    write_members(value, out);
    out += '}';
  } else if (value.IsArray()) {
    out += '[';
    for (auto it = value.Begin(); it != value.End(); ++it) {
      if (it != value.Begin()) out += ',';
      write_canonical(*it, out);
    }
    out += ']';
  } else if (value.IsString()) {
    append_quoted(out, view(value));
  } else {
    out += dump(value);
  }
}

/// How many bytes the well-formed UTF-8 sequence at the front has (no overlong forms, no surrogates); 0 when it is malformed.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
  return size;
}

std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = utf8_length(text);
    out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

/// Forwards RapidJSON's events to the document, down to a depth: its iterative parser has no limit of its own, but its destructor and
/// every walker recurse. Numbers come as text and are read here: RapidJSON 1.1 reads beyond its tables
/// for some of them (0e64 is one) when it is asked for full precision.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  using SizeType = rapidjson::SizeType;
  explicit Builder(Document& target) : target_(target) {}

  bool Null() { return target_.Null(); }
  bool Bool(bool value) { return target_.Bool(value); }
  bool String(const char* text, SizeType length, bool) { return target_.String(text, length, true); }
  bool Key(const char* text, SizeType length, bool) { return target_.Key(text, length, true); }
  bool StartObject() { return deeper() && target_.StartObject(); }
  bool EndObject(SizeType count) { return --depth_, target_.EndObject(count); }
  bool StartArray() { return deeper() && target_.StartArray(); }
  bool EndArray(SizeType count) { return --depth_, target_.EndArray(count); }

  bool RawNumber(const char* text, SizeType length, bool) {
    const char* const end = text + length;
    if (std::int64_t whole = 0; is_all(std::from_chars(text, end, whole), end)) return target_.Int64(whole);
    if (std::uint64_t whole = 0; is_all(std::from_chars(text, end, whole), end)) return target_.Uint64(whole);
    double real = 0;
    return is_all(std::from_chars(text, end, real), end) && target_.Double(real);
  }

  [[nodiscard]] bool too_deep() const { return depth_ > kMaxDepth; }

 private:
  bool deeper() { return ++depth_ <= kMaxDepth; }
  static bool is_all(std::from_chars_result read, const char* end) { return read.ec == std::errc() && read.ptr == end; }

  Document& target_;
  int depth_ = 0;
};

std::string comma(const std::string& body) { return body.empty() ? "" : ","; }

/// Quicker than RapidJSON's own check by far, byte for byte as most texts are.
void check_encoding(std::string_view text, std::string_view what) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : utf8_length(text.substr(at));
    if (size == 0) malformed(what, fmt::format("Invalid encoding in string. (byte {})", at));
    at += size;
  }
}

std::string reason_of(const rapidjson::ParseResult& result) {
  return result.Code() == rapidjson::kParseErrorTermination ? "a number is out of range" : rapidjson::GetParseError_En(result.Code());
}

std::string_view without_mark(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text; }
}  // namespace

Document parse(std::string_view text, std::string_view what) {
  check_encoding(text, what);
  Document document;
  Builder builder(document);
  rapidjson::ParseResult result;
  auto generate = [&](Document&) {
    rapidjson::MemoryStream bytes(without_mark(text).data(), without_mark(text).size());
    rapidjson::Reader reader;
    result = reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(bytes, builder);
    return !result.IsError();
  };
  document.Populate(generate);
  if (builder.too_deep()) malformed(what, fmt::format("nested deeper than {} levels", kMaxDepth));
  if (result.IsError()) malformed(what, fmt::format("{} (byte {})", reason_of(result), result.Offset()));
  return document;
}

const Value* find(const Value& object, std::string_view key) {
  if (!object.IsObject()) return nullptr;
  const auto it = object.FindMember(rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size())));
  return it == object.MemberEnd() ? nullptr : &it->value;
}

const Value* at(const Value& root, std::string_view pointer) {
  const rapidjson::Pointer path(pointer.data(), pointer.size());
  if (!path.IsValid() || pointer.starts_with('#'))
    throw Error(ErrorCode::invalid_argument, "json", fmt::format("'{}' is no JSON pointer; it looks like /status or /checks/0/state", one_line(pointer, 200)));
  return path.Get(root);
}

bool equal(const Value& a, const Value& b) { return a == b; }

std::string_view view(const Value& v) { return {v.GetString(), v.GetStringLength()}; }

std::string string(const Value& object, std::string_view key, std::string_view fallback) {
  const Value* v = find(object, key);
  return std::string(v != nullptr && v->IsString() ? view(*v) : fallback);
}

std::int64_t integer(const Value& object, std::string_view key, std::int64_t fallback) {
  const Value* v = find(object, key);
  return v != nullptr && v->IsInt64() ? v->GetInt64() : fallback;
}

bool boolean(const Value& object, std::string_view key, bool fallback) {
  const Value* v = find(object, key);
  return v != nullptr && v->IsBool() ? v->GetBool() : fallback;
}

std::vector<std::string> strings(const Value& object, std::string_view key) {
  std::vector<std::string> out;
  const Value* v = find(object, key);
  if (v == nullptr || !v->IsArray()) return out;
  for (const Value& item : v->GetArray())
    if (item.IsString()) out.emplace_back(view(item));
  return out;
}

std::map<std::string, std::string> string_map(const Value& object, std::string_view key) {
  std::map<std::string, std::string> out;
  const Value* v = find(object, key);
  if (v == nullptr || !v->IsObject()) return out;
  for (const auto& member : v->GetObject())
    if (member.value.IsString()) out.emplace(view(member.name), view(member.value));
  return out;
}

std::string dump(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string canonical(const Value& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

namespace {
/// Nothing to escape: most texts of a ledger are so, and there are many.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void append_quoted(std::string& out, std::string_view raw) {
  if (is_plain(raw)) {
    out.append(1, '"').append(raw).append(1, '"');
    return;
  }
  const std::string text = well_formed(raw);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  out.append(buffer.GetString(), buffer.GetSize());
}
}  // namespace

std::string quote(std::string_view raw) {
  std::string out;
  append_quoted(out, raw);
  return out;
}

Object& Object::add_raw(std::string_view key, std::string_view json_text) {
  begin(key);
  body_ += json_text;
  return *this;
}
Object& Object::add(std::string_view key, std::string_view value) {
  begin(key);
  append_quoted(body_, value);
  return *this;
}
void Object::begin(std::string_view key) {
  if (!body_.empty()) body_ += ',';
  append_quoted(body_, key);
  body_ += ':';
}
Object& Object::add(std::string_view key, std::int64_t value) { return add_raw(key, std::to_string(value)); }
Object& Object::add(std::string_view key, double value) { return add_raw(key, fmt::format("{}", value)); }
Object& Object::add(std::string_view key, bool value) { return add_raw(key, value ? "true" : "false"); }
Object& Object::add(std::string_view key, const Object& value) { return add_raw(key, value.str()); }
Object& Object::add(std::string_view key, const Array& value) { return add_raw(key, value.str()); }
Object& Object::add_null(std::string_view key) { return add_raw(key, "null"); }

Object& Object::add(std::string_view key, const std::vector<std::string>& value) {
  Array array;
  for (const std::string& item : value) array.add(std::string_view(item));
  return add(key, array);
}

Object& Object::add(std::string_view key, const std::map<std::string, std::string>& value) {
  Object object;
  for (const auto& [name, text] : value) object.add(name, text);
  return add(key, object);
}

Array& Array::add_raw(std::string_view json_text) {
  body_ += comma(body_) + std::string(json_text);
  return *this;
}

}  // namespace deploy::json
