#include "promotion/log_lines.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace deploy;

TEST_CASE("pieces of a followed log become whole lines, and nothing is lost") {
  std::vector<std::string> told;
  LogLines lines([&](std::string text) { told.push_back(std::move(text)); });
  lines.add("the word is hun");
  CHECK(told.empty());
  lines.add("ter2\nnext\nand so");
  CHECK(told == std::vector<std::string>{"the word is hunter2\nnext\n"});
  lines.add(" on\r");
  lines.add("");
  CHECK(told.back() == "and so on\r");
  lines.add("no end");
  lines.finish();
  lines.finish();
  CHECK(told == std::vector<std::string>{"the word is hunter2\nnext\n", "and so on\r", "no end"});
}

TEST_CASE("a line without end is passed on before it fills the memory") {
  std::size_t longest = 0, all = 0;
  LogLines lines([&](const std::string& text) {
    longest = std::max(longest, text.size());
    all += text.size();
  });
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 100; ++i) lines.add(piece);
  lines.finish();
  CHECK(all == 100 * piece.size());
  CHECK(longest <= kLongestHeldLine + piece.size());
}
