#include "config/json_annotated.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

#include "model/text.hpp"

namespace deploy::json {

namespace {
using rapidjson::SizeType;

/// Forwards RapidJSON's events to the document, and notes on the way where each value stands.
class Recorder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Recorder> {
 public:
  Recorder(std::string_view text, const rapidjson::MemoryStream& in, Document& target, Annotated& out)
      : text_(text), in_(in), target_(target), out_(out) {}

  bool Null() { return scalar(word_start(4)) && target_.Null(); }
  bool Bool(bool value) { return scalar(word_start(value ? 4 : 5)) && target_.Bool(value); }
  bool Int(int value) { return scalar(number_start()) && target_.Int(value); }
  bool Uint(unsigned value) { return scalar(number_start()) && target_.Uint(value); }
  bool Int64(std::int64_t value) { return scalar(number_start()) && target_.Int64(value); }
  bool Uint64(std::uint64_t value) { return scalar(number_start()) && target_.Uint64(value); }
  bool Double(double value) { return scalar(number_start()) && target_.Double(value); }

  bool String(const char* value, SizeType length, bool) {
    const std::size_t start = string_start();
    if (!scalar(start)) return false;
    check_string({value, length}, start, pointer());
    return go_on() && target_.String(value, length, true);
  }

  bool Key(const char* value, SizeType length, bool) {
    Frame& frame = frames_.back();
    frame.key_offset = string_start();
    frame.child = child_pointer(frame.pointer, {value, length});
    if (++frame.next > kMostElements) return too_many(frame, "an object", "members");
    check_string({value, length}, frame.key_offset, frame.child);
    if (const auto first = out_.spots.find(frame.child); first != out_.spots.end())
      out_.faults.push_back({frame.key_offset, frame.child,
                             fmt::format("the key {} stands twice; it first stands in line {}", text::quoted({value, length}), place_of(text_, first->second.key).line)});
    return go_on() && target_.Key(value, length, true);
  }

  bool StartObject() { return open(false) && target_.StartObject(); }
  bool StartArray() { return open(true) && target_.StartArray(); }
  bool EndObject(SizeType count) { return close() && target_.EndObject(count); }
  bool EndArray(SizeType count) { return close() && target_.EndArray(count); }

  /// Of the value that is being read.
  [[nodiscard]] std::string pointer() const { return frames_.empty() ? "" : frames_.back().child; }
  [[nodiscard]] std::string container() const { return frames_.empty() ? "" : frames_.back().pointer; }

 private:
  struct Frame {
    bool list = false;
    std::size_t next = 0;  ///< index of the list's next element, or how many members the object has so far
    std::string pointer, child;
    std::size_t key_offset = 0;
  };

  // Events come after their token was read, so that its start is found by going back from where the reader stands.
  [[nodiscard]] std::size_t word_start(std::size_t length) const { return in_.Tell() - length; }
  [[nodiscard]] std::size_t number_start() const {
    std::size_t at = in_.Tell();
    while (at > 0 && std::string_view("0123456789+-.eE").find(text_[at - 1]) != std::string_view::npos) --at;
    return at;
  }
  // A quote inside the string has an odd number of backslashes before it; the opening one has none.
  [[nodiscard]] std::size_t string_start() const {
    std::size_t at = in_.Tell() - 1;
    while (at > 0) {
      --at;
      if (text_[at] != '"') continue;
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    return at;
  }

  bool scalar(std::size_t offset) {
    Spot spot{offset, offset};
    if (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.list) frame.child = child_pointer(frame.pointer, std::to_string(frame.next++));
      else spot.key = frame.key_offset;
      if (frame.list && frame.next > kMostElements) return too_many(frame, "a list", "elements");
    }
    place_bytes_ += pointer().size();
    if (place_bytes_ > kMostPlaceBytes) return refuse(offset, container(), "there are too many values under keys of this length");
    out_.spots.emplace(pointer(), spot);
    return true;
  }

  bool refuse(std::size_t offset, const std::string& where, std::string message) {
    out_.faults.push_back({offset, where, std::move(message)});
    return false;
  }
  bool too_many(const Frame& frame, std::string_view what, std::string_view parts) {
    return refuse(in_.Tell(), frame.pointer, fmt::format("found {} of more than {} {}", what, kMostElements, parts));
  }
  [[nodiscard]] bool go_on() const { return out_.faults.size() < kMostTextFaults; }

  bool open(bool list) {
    const std::size_t offset = in_.Tell() - 1;
    if (!scalar(offset)) return false;
    if (frames_.size() >= static_cast<std::size_t>(kMaxDepth)) return refuse(offset, pointer(), fmt::format("nested deeper than {} levels", kMaxDepth));
    Frame frame;
    frame.list = list;
    frame.pointer = pointer();
    frames_.push_back(std::move(frame));
    return true;
  }

  bool close() {
    frames_.pop_back();
    return true;
  }

  void check_string(std::string_view value, std::size_t offset, const std::string& where) {
    if (value.size() > kLongestString)
      out_.faults.push_back({offset, where.substr(0, 200), fmt::format("the string has {} bytes; at most {} are allowed", value.size(), kLongestString)});
    if (value.find('\0') != std::string_view::npos) out_.faults.push_back({offset, where, "the string holds a NUL character (\\u0000)"});
  }

  std::string_view text_;
  const rapidjson::MemoryStream& in_;
  Document& target_;
  Annotated& out_;
  std::vector<Frame> frames_;
  std::size_t place_bytes_ = 0;
};

std::string found_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "the text ends here";
  return text[offset] == '\n' || text[offset] == '\r' ? "found the end of the line" : "found " + text::quoted(text[offset]);
}

/// What makes the text unreadable before any JSON is looked for.
bool check_bytes(std::string_view text, Annotated& out) {
  const std::size_t nul = text.find('\0'), malformed = text::find_malformed_utf8(text);
  if (text.size() > kLongestText)
    out.faults.push_back({0, "", fmt::format("the text has {} bytes; at most {} are allowed", text.size(), kLongestText)});
  else if (nul != std::string_view::npos)
    out.faults.push_back({nul, "", "found a NUL byte; the text is not JSON (is it UTF-16? it must be UTF-8)"});
  else if (malformed != std::string_view::npos)
    out.faults.push_back({malformed, "", fmt::format("found the byte 0x{:02x}, which is not UTF-8", static_cast<unsigned char>(text[malformed]))});
  return out.faults.empty();
}

void note_syntax_error(std::string_view text, const rapidjson::ParseResult& result, const Recorder& recorder, Annotated& out) {
  if (result.Code() == rapidjson::kParseErrorTermination) return;  // the recorder has said why
  std::string why = rapidjson::GetParseError_En(result.Code());
  if (why.ends_with('.')) why.pop_back();
  why.front() = text::lower(why.front());
  const std::size_t offset = std::min(result.Offset(), text.size());
  out.faults.push_back({offset, recorder.container(), fmt::format("not valid JSON: {}; {}", why, found_at(text, offset))});
}
}  // namespace

Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

std::string child_pointer(std::string_view parent, std::string_view key) {
  std::string out = std::string(parent) + "/";
  for (const char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

Annotated parse_annotated(std::string_view text) {
  Annotated out;
  if (!check_bytes(text, out)) return out;
  rapidjson::MemoryStream in(text.data(), text.size());
  auto generate = [&](Document& target) {
    constexpr unsigned kFlags = rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag | rapidjson::kParseValidateEncodingFlag;
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, json::ThrowingAllocator> reader;
    Recorder recorder(text, in, target, out);
    const rapidjson::ParseResult result = reader.Parse<kFlags>(in, recorder);
    if (result.IsError()) note_syntax_error(text, result, recorder, out);
    out.complete = !result.IsError();
    return out.complete;
  };
  out.document.Populate(generate);
  return out;
}

}  // namespace deploy::json
