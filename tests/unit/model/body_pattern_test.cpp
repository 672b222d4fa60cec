#include "model/body_pattern.hpp"

#include <doctest/doctest.h>

using namespace deploy;

TEST_CASE("a body's pattern is measured with its repetitions written out") {
  for (const char* fine : {"", "^ok$", "[0-9]{3}-[0-9]{4}", "a{10,20}", "{", "{x}", "a{", "(ok|fine)+"}) {
    CAPTURE(fine);
    CHECK((body_pattern_complaint(fine).find("longer") == std::string::npos));
  }
  for (const std::string& large : {std::string(257, 'a'), std::string("a{1000}"), std::string("(a{20}){20}"), std::string("a{1,99999999999999999999}{9}b{300}")}) {
    CAPTURE(large);
    CHECK((body_pattern_complaint(large).find("longer than 256 characters") != std::string::npos));
  }
}

TEST_CASE("a pattern that is no regular expression says why") {
  CHECK_FALSE(body_pattern_complaint("(").empty());
  CHECK_FALSE(body_pattern_complaint("a)(b").empty());
  CHECK_FALSE(body_pattern_complaint("(a)\\1").empty());
  CHECK(body_matches("^b$", "a\nb\nc"));
  CHECK_FALSE(body_matches("^b$", "abc"));
}
