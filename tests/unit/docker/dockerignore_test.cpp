#include "docker/dockerignore.hpp"

#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "refusal.hpp"

using namespace deploy;
using namespace deploy::docker;

namespace {
bool excluded(const std::string& rules, const std::string& path) { return DockerIgnore::parse(rules, ".dockerignore").excludes(path); }

struct Case {
  const char* pattern;
  const char* path;
  bool matches;
};
}  // namespace

TEST_CASE("one pattern matches what Docker's documentation says") {
  const Case cases[] = {
      {"file", "file", true}, {"file", "dir/file", false}, {"file", "file2", false}, {"*", "file", true}, {"*", "dir/file", false},
      {"*/temp*", "a/temporary", true}, {"*/temp*", "a/b/temp", false}, {"*/*/temp*", "a/b/temp.txt", true}, {"temp?", "tempa", true},
      {"temp?", "temp", false}, {"temp?", "temp/", false}, {"**/*.go", "a.go", true}, {"**/*.go", "a/b/c.go", true}, {"**/*.go", "a.gob", false},
      {"**", "any/thing", true}, {"**/", "any/thing", true}, {"a/**", "a/b/c", true}, {"a/**", "a", false}, {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b", true}, {"a/**/b", "ab", false}, {"**/foo", "foo", true}, {"**/foo", "x/foo", true}, {"**/foo", "xfoo", false},
      {"**.md", "x/readme.md", true}, {"**foo", "barfoo", true}, {"dir/**/*", "dir/a", true}, {"a.b", "axb", false}, {"a+b(c)", "a+b(c)", true},
      {"[a-c]x", "bx", true}, {"[a-c]x", "dx", false}, {"[^a-c]x", "dx", true}, {"[^a-c]x", "ax", false}, {"a\\*b", "a*b", true},
      {"a\\*b", "axb", false}, {"[\\]]", "]", true}, {"?", "é", true}, {"[é-ü]", "ö", true}, {"*.txt", "é.txt", true}, {"", "", true},
      {"a**b", "a/x/b", true}, {"$HOME|x{1}", "$HOME|x{1}", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    CAPTURE(c.path);
    CHECK(Glob(c.pattern).matches(c.path) == c.matches);
  }
}

TEST_CASE("a pattern made to be slow is not") {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "*a**/";
  CHECK_FALSE(Glob(pattern + "b").matches(std::string(2000, 'a')));
}

TEST_CASE("malformed patterns name the file and the line") {
  for (const char* rule : {"[", "[a", "[]", "a\\", "[b-a]", "[a-", "!", "!  "}) {
    CAPTURE(rule);
    CHECK(test::contains(test::refusal([&] { return excluded(std::string("ok\n") + rule, "x"); }), ".dockerignore, line 2"));
  }
}

TEST_CASE("comments, blank lines, white space, a byte order mark, leading slashes and dots do not matter") {
  const std::string rules = "\xEF\xBB\xBF# comment\n\n  /build/  \r\n./tmp//x\n !  /build/keep \n #kept\n";
  CHECK(excluded(rules, "build"));
  CHECK(excluded(rules, "build/a"));
  CHECK_FALSE(excluded(rules, "build/keep"));
  CHECK(excluded(rules, "tmp/x"));
  CHECK_FALSE(excluded(rules, "comment"));
  CHECK(excluded(rules, "#kept"));
}

TEST_CASE("the last rule that matches decides") {
  CHECK_FALSE(excluded("*.md\n!README.md", "README.md"));
  CHECK(excluded("*.md\n!README.md\nREADME.md", "README.md"));
  CHECK(excluded("*.md\n!README*.md\nREADME-secret.md", "README-secret.md"));
  CHECK(excluded("!README.md\n*.md", "README.md"));
}

TEST_CASE("what matches a folder holds for all that is in it, until a later rule") {
  CHECK(excluded("node_modules", "node_modules/a/b.js"));
  CHECK_FALSE(excluded("node_modules\n!node_modules/keep", "node_modules/keep/x/y"));
  CHECK(excluded("a\n!a/b\na/b/c", "a/b/c/d"));
  CHECK_FALSE(excluded("a\n!a/b\na/b/c", "a/b/d"));
  CHECK_FALSE(excluded("*\n!src/**", "src/deep/file"));
  CHECK(excluded("*\n!src/**", "other/file"));
  CHECK_FALSE(excluded("**\n!**/*.c", "x/y.c"));
}

TEST_CASE("an excluded folder is walked only where something in it may come back") {
  const auto rules = DockerIgnore::parse("a\nb\n!a/keep/file\n!b2", ".dockerignore");
  CHECK(rules.may_include_below("a"));
  CHECK(rules.may_include_below("a/keep"));
  CHECK_FALSE(rules.may_include_below("a/other"));
  CHECK_FALSE(rules.may_include_below("b"));
  CHECK(DockerIgnore::parse("x\n!**/*.c", "f").may_include_below("x/y"));
  CHECK_FALSE(DockerIgnore::parse("x\n!src/**", "f").may_include_below("x"));
  CHECK(DockerIgnore::parse("*\n!src/**", "f").may_include_below("src"));
}
