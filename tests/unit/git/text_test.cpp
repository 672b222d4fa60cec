#include "git/text.hpp"

#include <doctest/doctest.h>

using namespace deploy;
using namespace deploy::git;

namespace {
const std::string kA(40, 'a'), kB(40, 'b'), kC(40, 'c');
}

TEST_CASE("a tag is found by its exact name only, whatever else ends like it") {
  std::string listing;
  for (int i = 30; i <= 39; ++i) listing += kA + "\trefs/tags/1.0." + std::to_string(i) + "\n";
  listing += kB + "\trefs/other/refs/tags/1.0.3\n" + kB + "\trefs/tags/x/1.0.3\n" + kB + "\trefs/tags/v1.0.3\n";
  CHECK_FALSE(find_exact_tag(listing, "1.0.3"));
  CHECK(find_exact_tag(listing + kC + "\trefs/tags/1.0.3\n", "1.0.3")->commit == kC);
  for (int i = 30; i <= 39; ++i) CHECK(find_exact_tag(listing, "1.0." + std::to_string(i))->commit == kA);
}

TEST_CASE("no prefix, suffix or extension of a tag's name finds it") {
  const std::string name = "1.0.30", line = kA + " refs/tags/" + name + "\n";
  for (std::size_t from = 0; from < name.size(); ++from)
    for (std::size_t size = 1; size <= name.size() - from; ++size)
      if (const std::string part = name.substr(from, size); part != name) CHECK_FALSE(find_exact_tag(line, part));
  for (const char* longer : {"1.0.300", "11.0.30", "1.0.30^{}", "a/1.0.30", "1.0.30/a", ""}) CHECK_FALSE(find_exact_tag(line, longer));
  CHECK(find_exact_tag(line, name));
}

TEST_CASE("an annotated tag is the commit that it points at, in whatever order the lines come") {
  const std::string tag = kA + "\trefs/tags/1.0.3\n", peeled = kB + "\trefs/tags/1.0.3^{}\n";
  for (const std::string& listing : {tag + peeled, peeled + tag}) {
    CHECK(find_exact_tag(listing, "1.0.3")->commit == kB);
    CHECK(find_exact_tag(listing, "1.0.3")->annotated);
  }
  CHECK_FALSE(find_exact_tag(tag, "1.0.3")->annotated);
}

TEST_CASE("logins in URLs are masked wherever they stand in a text") {
  CHECK(mask_credentials("fatal: unable to access 'https://bob:s3cret@git.example.com/x.git/': 403") ==
        "fatal: unable to access 'https://***@git.example.com/x.git/': 403");
  CHECK(mask_credentials("https://ghp_token@github.com/a/b") == "https://***@github.com/a/b");
  CHECK(mask_credentials("ssh://git:pw@host/x and http://u:p@h") == "ssh://***@host/x and http://***@h");
  CHECK(mask_credentials("https://u:p@ss@host/x") == "https://***@host/x");
  CHECK(mask_credentials("ssh://git@host/x") == "ssh://git@host/x");
  CHECK(mask_credentials("git@host:x.git, https://host/a@b") == "git@host:x.git, https://host/a@b");
  CHECK(mask_credentials("://@") == "://@");
  CHECK(strip_credentials("https://bob:s3cret@git.example.com/x.git") == "https://git.example.com/x.git");
  CHECK(strip_credentials("ssh://git@host/x") == "ssh://git@host/x");
  CHECK(has_credentials("https://token@host/x"));
  CHECK_FALSE(has_credentials("origin"));
  CHECK_FALSE(has_credentials("ssh://git@host/x"));
}

TEST_CASE("git's words are told apart") {
  CHECK(classify("Host key verification failed.\nfatal: Could not read from remote repository.") == ErrorCode::host_key_unknown);
  CHECK(classify("git@h: Permission denied (publickey).\nfatal: Could not read") == ErrorCode::unauthorized);
  CHECK(classify("fatal: could not read Username for 'https://h': terminal prompts disabled") == ErrorCode::unauthorized);
  CHECK(classify("fatal: unable to access 'http://127.0.0.1:1/': Failed to connect to 127.0.0.1 port 1") == ErrorCode::unreachable);
  CHECK(classify("fatal: 'x' does not appear to be a git repository") == ErrorCode::not_found);
  CHECK(classify("! [remote rejected] (hook declined)") == ErrorCode::refused);
}
