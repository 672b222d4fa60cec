#include "docker/stream.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "deploy/error.hpp"
#include "docker/build_output.hpp"
#include "docker/log_stream.hpp"

using namespace deploy;
using namespace deploy::docker;

namespace {
std::vector<std::string> messages_of(std::string_view text, std::size_t chunk) {
  std::vector<std::string> out;
  MessageStream stream([&](const json::Value& message) { out.push_back(json::dump(message)); });
  for (std::size_t at = 0; at < text.size(); at += chunk) stream.feed(text.substr(at, chunk));
  stream.finish();
  return out;
}

std::string frame(char type, const std::string& text) {
  const auto size = static_cast<unsigned>(text.size());
  return {std::string{type, 0, 0, 0, static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8), static_cast<char>(size)} + text};
}

PullProgress tracked(std::initializer_list<const char*> messages) {
  PullTracker tracker;
  PullProgress last;
  for (const char* text : messages)
    if (const auto now = tracker.update(json::parse(text, "message"))) last = *now;
  return last;
}
}  // namespace

TEST_CASE("messages are found wherever the chunks end") {
  const std::string text = "{\"a\":\"}{\\\"\\\\\"}\r\n{\"b\":[{\"c\":1}]}\n\n  {\"d\":\"\\u00e9é\"}{\"e\":{}}";
  const auto whole = messages_of(text, text.size());
  REQUIRE(whole.size() == 4);
  CHECK(whole[1] == R"({"b":[{"c":1}]})");
  for (std::size_t chunk = 1; chunk < 8; ++chunk) CHECK(messages_of(text, chunk) == whole);
}

TEST_CASE("what is no stream of objects is a protocol error") {
  for (const char* text : {"<html>", "[1]", "{\"a\":}", "{\"a\":1", "{]", "]"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)messages_of(text, 3), Error);
  }
}

TEST_CASE("a message without end is not collected without end") {
  MessageStream stream([](const json::Value&) {});
  stream.feed("{\"a\":\"");
  const std::string block(1 << 16, 'x');
  CHECK_THROWS_AS(([&] { for (int i = 0; i < 64; ++i) stream.feed(block); }()), Error);
}

TEST_CASE("errors hide in messages in more than one form") {
  const auto error = [](const char* text) { return stream_error(json::parse(text, "message")); };
  CHECK(error(R"({"errorDetail":{"code":9,"message":"failed"},"error":"failed too"})")->message == "failed");
  CHECK(error(R"({"errorDetail":{"code":9,"message":"failed"}})")->code == 9);
  CHECK(error(R"({"error":"only text"})")->message == "only text");
  CHECK(error(R"({"errorDetail":{}})").has_value());
  CHECK_FALSE(error(R"({"status":"Pulling","error":""})").has_value());
}

TEST_CASE("progress is summed over the layers") {
  const PullProgress sum = tracked({R"({"status":"Downloading","id":"a","progressDetail":{"current":10,"total":100}})",
                                    R"({"status":"Downloading","id":"b","progressDetail":{"current":5,"total":50}})",
                                    R"({"status":"Downloading","id":"a","progressDetail":{"current":40,"total":100}})"});
  CHECK(sum.current == 45);
  CHECK(sum.total == 150);
  CHECK(sum.status == "Downloading");
}

TEST_CASE("a finished layer counts in full, a retried one does not go backwards, one that was there does not count") {
  const PullProgress sum = tracked({R"({"status":"Already exists","id":"z"})", R"({"status":"Downloading","id":"a","progressDetail":{"current":90,"total":100}})",
                                    R"({"status":"Downloading","id":"b","progressDetail":{"current":50,"total":60}})",
                                    R"({"status":"Downloading","id":"b","progressDetail":{"current":1,"total":60}})", R"({"status":"Download complete","id":"a"})",
                                    R"({"status":"Extracting","id":"a","progressDetail":{"current":3,"total":100}})"});
  CHECK(sum.current == 150);
  CHECK(sum.total == 160);
}

TEST_CASE("absurd sizes do not overflow") {
  PullTracker tracker;
  for (int i = 0; i < 5000; ++i)
    (void)tracker.update(json::parse(R"({"status":"Downloading","id":")" + std::to_string(i) + R"(","progressDetail":{"current":9223372036854775807,"total":-5}})", "m"));
  const auto sum = tracker.update(json::parse(R"({"status":"x"})", "m"));
  CHECK(sum->current > 0);
  CHECK(sum->current <= sum->total);
}

TEST_CASE("output frames are taken apart wherever the chunks end") {
  const std::string bytes = frame(1, "out\n") + frame(2, "err\n") + frame(1, "") + frame(1, "more");
  for (std::size_t chunk = 1; chunk < bytes.size(); ++chunk) {
    std::string out, err;
    LogStream stream(Framing::multiplexed, [&](Stream s, std::string_view text) { (s == Stream::standard_error ? err : out) += text; });
    for (std::size_t at = 0; at < bytes.size(); at += chunk) stream.feed(std::string_view(bytes).substr(at, chunk));
    stream.finish();
    CHECK(out == "out\nmore");
    CHECK(err == "err\n");
  }
}

TEST_CASE("a terminal's output has no frames") {
  std::string out;
  LogStream stream(Framing::raw, [&](Stream, std::string_view text) { out += text; });
  stream.feed("\x01 not a frame");
  stream.finish();
  CHECK(out == "\x01 not a frame");
}

TEST_CASE("a stream that ends within a frame was cut off, and one without frames makes no sense") {
  LogStream cut(Framing::multiplexed, [](Stream, std::string_view) {});
  cut.feed(frame(1, "hello").substr(0, 10));
  CHECK_THROWS_AS(cut.finish(), Error);
  LogStream text(Framing::multiplexed, [](Stream, std::string_view) {});
  CHECK_THROWS_AS(text.feed("plain text"), Error);
}

TEST_CASE("the end of a long output is kept") {
  TailBuffer tail(10);
  for (int i = 0; i < 100; ++i) tail.append(std::to_string(i));
  CHECK(tail.take() == "9596979899");
  TailBuffer one(4);
  one.append("abcdefgh");
  CHECK(one.take() == "efgh");
}

TEST_CASE("a build's text comes as lines, a layer's progress once per status, and the id from the aux message") {
  std::vector<std::string> lines;
  BuildOutput output([&](std::string_view line) { lines.emplace_back(line); });
  for (const char* text : {R"({"stream":"Step 1/2 : FROM x"})", R"({"stream":"\n"})", R"({"status":"Downloading","id":"a"})", R"({"status":"Downloading","id":"a"})",
                           R"({"status":"Pull complete","id":"a"})", R"({"aux":{"ID":"sha256:full"}})", R"({"stream":"Successfully built abc\r\nlast"})"})
    output.take(json::parse(text, "message"));
  output.finish();
  CHECK(lines == std::vector<std::string>{"Step 1/2 : FROM x", "a: Downloading", "a: Pull complete", "Successfully built abc", "last"});
  CHECK(output.image_id() == "sha256:full");
}

TEST_CASE("without aux messages the results are read from the lines") {
  BuildOutput built(nullptr);
  built.take(json::parse(R"({"stream":"Successfully built 0123abcd\n"})", "message"));
  CHECK(built.image_id() == "0123abcd");
  BuildOutput pushed(nullptr);
  pushed.take(json::parse(R"({"status":"1: digest: sha256:ab size: 735"})", "message"));
  CHECK(pushed.digest() == "sha256:ab");
}
