// The source port against the real git program: a clone here, a bare repository as its remote.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "deploy/error.hpp"
#include "git/git.hpp"
#include "service_variable.hpp"
#include "support/hash.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::testing::service;
namespace fs = std::filesystem;

namespace {
const CallLimits kQuick{30s, {}};

std::string shell_free(std::vector<std::string> argv, const std::string& directory = "", std::map<std::string, std::string> env = {}) {
  Command command;
  command.argv = std::move(argv);
  command.directory = directory;
  command.env = std::move(env);
  const CommandResult result = run_command(command, kQuick);
  if (result.exit_code != 0) throw std::runtime_error(command.argv.at(1) + ": " + result.error);
  return result.output.substr(0, result.output.find('\n'));
}

/// A bare remote and a clone with two commits, on their own in a folder that goes at the end.
struct Clone {
  fs::path root = fs::path(service("TMP")) / ("git-" + random_hex(6));
  std::string remote = (root / "remote.git").string(), work = (root / "work").string();
  std::string first, second;
  std::unique_ptr<Source> source;

  Clone() {
    fs::create_directories(root);
    shell_free({"git", "clone", "--quiet", "--bare", service("GIT_REMOTE"), remote});
    shell_free({"git", "clone", "--quiet", remote, work});
    first = git({"rev-parse", "HEAD"});
    std::ofstream(work + "/file") << "x";
    git({"add", "file"});
    git({"-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "-m", "second"});
    second = git({"rev-parse", "HEAD"});
    source = open_git(work);
  }
  ~Clone() { fs::remove_all(root); }

  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", work});
    return shell_free(arguments);
  }
  void tag(const std::string& name, const std::string& commit, const std::string& where = "origin") const {
    source->tag(name, commit, "release\n\n# digest sha256:x\n", where, kQuick);
  }
};

template <class Call>
Error error_of(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error(ErrorCode::internal, "", "");
}
}  // namespace

TEST_CASE("the commit of the context is known, and whether it is changed") {
  const Clone clone;
  const auto clean = clone.source->state(kQuick);
  REQUIRE(clean);
  CHECK(clean->commit == clone.second);
  CHECK_FALSE(clean->dirty);
  CHECK(clean->origin == clone.remote);
  std::ofstream(clone.work + "/untracked") << "x";
  CHECK(clone.source->state(kQuick)->dirty);
}

TEST_CASE("a changed file outside of the context does not make the context dirty") {
  const Clone clone;
  fs::create_directories(clone.work + "/app");
  std::ofstream(clone.work + "/elsewhere") << "x";
  CHECK_FALSE(open_git(clone.work + "/app")->state(kQuick)->dirty);
}

TEST_CASE("the origin is recorded without its login") {
  const Clone clone;
  clone.git({"remote", "set-url", "origin", "https://bob:s3cret@git.example.com/x.git"});
  CHECK(clone.source->state(kQuick)->origin == "https://git.example.com/x.git");
}

TEST_CASE("outside of a repository, and before its first commit, there is no state") {
  const Clone clone;
  const std::string bare_folder = (clone.root / "none").string(), fresh = (clone.root / "fresh").string();
  fs::create_directories(bare_folder);
  CHECK_FALSE(open_git(bare_folder)->state(kQuick));
  shell_free({"git", "init", "--quiet", fresh});
  CHECK_FALSE(open_git(fresh)->state(kQuick));
  CHECK(error_of([&] { return open_git((clone.root / "missing").string())->state(kQuick); }).code() == ErrorCode::not_found);
}

TEST_CASE("a tag is annotated with exactly the message given, and pushed") {
  const Clone clone;
  clone.tag("1.0.3", clone.first);
  for (const char* where : {"", "origin"}) {
    const auto found = clone.source->find_tag("1.0.3", where, kQuick);
    REQUIRE(found);
    CHECK(found->commit == clone.first);
    CHECK(found->annotated);
  }
  CHECK(shell_free({"git", "--git-dir", clone.remote, "cat-file", "-t", "refs/tags/1.0.3"}) == "tag");
  CHECK(clone.git({"for-each-ref", "--format=%(contents:body)", "refs/tags/1.0.3"}) == "# digest sha256:x");
}

TEST_CASE("1.0.3 is not found because 1.0.30 to 1.0.39 exist, and can be made beside them") {
  const Clone clone;
  for (int i = 30; i <= 39; ++i) clone.git({"tag", "1.0." + std::to_string(i), clone.first});
  clone.git({"tag", "x/1.0.3", clone.first});
  clone.git({"push", "--quiet", "--tags", "origin"});
  for (const char* where : {"", "origin"}) {
    CHECK_FALSE(clone.source->find_tag("1.0.3", where, kQuick));
    CHECK(clone.source->find_tag("1.0.35", where, kQuick)->commit == clone.first);
    CHECK_FALSE(clone.source->find_tag("1.0.35", where, kQuick)->annotated);
  }
  clone.tag("1.0.3", clone.second);
  CHECK(clone.source->find_tag("1.0.3", "origin", kQuick)->commit == clone.second);
}

TEST_CASE("a tag that exists elsewhere is an error with both commits, here and at the remote") {
  const Clone clone;
  clone.tag("1.0.3", clone.first);
  for (const bool here : {true, false}) {
    if (!here) clone.git({"tag", "-d", "1.0.3"});
    const Error error = error_of([&] { clone.tag("1.0.3", clone.second); return 0; });
    CHECK(error.code() == ErrorCode::tag_moved);
    CHECK(error.details().at("existing") == clone.first);
    CHECK(error.details().at("wanted") == clone.second);
  }
  CHECK_FALSE(clone.source->find_tag("1.0.3", "", kQuick));
}

TEST_CASE("making a tag twice changes nothing, and one that is only here is pushed") {
  const Clone clone;
  clone.tag("1.0.3", clone.first, "");
  CHECK_FALSE(clone.source->find_tag("1.0.3", "origin", kQuick));
  clone.tag("1.0.3", clone.first);
  const std::string object = shell_free({"git", "--git-dir", clone.remote, "rev-parse", "refs/tags/1.0.3"});
  clone.tag("1.0.3", clone.first);
  clone.git({"tag", "-d", "1.0.3"});
  clone.tag("1.0.3", clone.first);
  CHECK(shell_free({"git", "--git-dir", clone.remote, "rev-parse", "refs/tags/1.0.3"}) == object);
}

TEST_CASE("a short commit is resolved, an unknown one is refused before anything is made") {
  const Clone clone;
  clone.tag("1.0.4", clone.first.substr(0, 12));
  CHECK(clone.source->find_tag("1.0.4", "origin", kQuick)->commit == clone.first);
  CHECK(error_of([&] { clone.tag("1.0.5", std::string(40, 'e')); return 0; }).code() == ErrorCode::not_found);
  CHECK(error_of([&] { clone.tag("1.0.5", "--all"); return 0; }).code() == ErrorCode::not_found);
}

TEST_CASE("names and remotes that git would take for something else are refused") {
  const Clone clone;
  for (const char* name : {"", "-d", "a b", "a..b", "a*", "a^{}", "x.lock", "/a", "a~1"}) {
    CAPTURE(name);
    CHECK(error_of([&] { return clone.source->find_tag(name, "", kQuick); }).code() == ErrorCode::invalid_argument);
  }
  CHECK(error_of([&] { return clone.source->find_tag("1", "--upload-pack=touch /tmp/x", kQuick); }).code() == ErrorCode::invalid_argument);
  const Error error = error_of([&] { return clone.source->find_tag("1", "https://bob:s3cret@git.example.com/x", kQuick); });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK(std::string(error.what()).find("s3cret") == std::string::npos);
}

TEST_CASE("a remote that does not exist or does not answer is told apart, without its password") {
  const Clone clone;
  CHECK(error_of([&] { return clone.source->find_tag("1", "nowhere", kQuick); }).code() == ErrorCode::not_found);
  clone.git({"remote", "set-url", "origin", "http://bob:s3cret@127.0.0.1:1/x.git"});
  const Error error = error_of([&] { return clone.source->find_tag("1", "origin", kQuick); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(std::string(error.what()).find("s3cret") == std::string::npos);
  CHECK(error.details().at("stderr").find("s3cret") == std::string::npos);
}

TEST_CASE("a tag can be made where nobody has set a user name") {
  const Clone clone;
  clone.git({"config", "user.useConfigOnly", "true"});
  clone.tag("1.0.6", clone.first);
  CHECK(clone.source->find_tag("1.0.6", "origin", kQuick));
}

TEST_CASE("the caller's GIT_DIR does not lead us to another repository") {
  const Clone clone;
  ::setenv("GIT_DIR", "/nonexistent", 1);
  const auto state = clone.source->state(kQuick);
  ::unsetenv("GIT_DIR");
  REQUIRE(state);
  CHECK(state->commit == clone.second);
}

TEST_CASE("a push that the remote declines is an error, and the next try pushes") {
  const Clone clone;
  const std::string hook = clone.remote + "/hooks/pre-receive";
  fs::create_directories(clone.remote + "/hooks");
  std::ofstream(hook) << "#!/bin/sh\necho not today >&2\nexit 1\n";
  fs::permissions(hook, fs::perms::owner_all);
  const Error error = error_of([&] { clone.tag("1.0.7", clone.first); return 0; });
  CHECK(error.code() == ErrorCode::refused);
  CHECK(std::string(error.what()).find("not today") != std::string::npos);
  fs::remove(hook);
  clone.tag("1.0.7", clone.first);
  CHECK(clone.source->find_tag("1.0.7", "origin", kQuick));
}
