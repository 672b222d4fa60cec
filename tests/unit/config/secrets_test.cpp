#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/secrets.hpp"
#include "refusal.hpp"

using namespace deploy;
namespace test = deploy::test;

namespace {
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("libdeploy-secrets-" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const char* name, std::string_view text) const { std::ofstream(path / name, std::ios::binary) << text; }
};

std::string resolve(const SecretSource& source, const std::string& directory = "/") { return resolve_secret(source, directory, {}).reveal(); }
std::string why_not(const SecretSource& source, const std::string& directory = "/") {
  return test::refusal([&] { return resolve(source, directory); });
}
}  // namespace

TEST_CASE("a secret is taken from the variable that the configuration names") {
  setenv("LIBDEPLOY_TEST_SECRET", "hunter2\n", 1);
  CHECK(resolve(SecretFromEnv{"LIBDEPLOY_TEST_SECRET"}) == "hunter2\n");  // a variable is taken as it is
  setenv("LIBDEPLOY_TEST_SECRET", "", 1);
  CHECK(test::contains(why_not(SecretFromEnv{"LIBDEPLOY_TEST_SECRET"}), "the secret from env LIBDEPLOY_TEST_SECRET is empty"));
  unsetenv("LIBDEPLOY_TEST_SECRET");
  CHECK(test::contains(why_not(SecretFromEnv{"LIBDEPLOY_TEST_SECRET"}), "the environment variable LIBDEPLOY_TEST_SECRET, which is to hold a secret, is not set"));
}

TEST_CASE("a secret is taken from a file, less the newline at its end") {
  const Folder folder;
  folder.write("a", "hunter2\n");
  folder.write("b", "two\nlines\r\n");
  folder.write("empty", "\n");
  folder.write("nul", std::string_view("a\0b", 3));
  folder.write("big", std::string(kLongestSecret + 1, 'x'));
  folder.write("full", std::string(kLongestSecret, 'x') + "\n");
  const auto at = [&](const char* name) { return SecretFromFile{folder.path / name}; };
  CHECK(resolve(at("a")) == "hunter2");
  CHECK(resolve(SecretFromFile{"a"}, folder.path) == "hunter2");
  CHECK(resolve(at("b")) == "two\nlines");
  CHECK(resolve(at("full")).size() == kLongestSecret);
  CHECK(test::contains(why_not(at("empty")), "is empty"));
  CHECK(test::contains(why_not(at("nul")), "holds a NUL byte"));
  CHECK(test::contains(why_not(at("big")), "is larger than 65536 bytes"));
  CHECK(test::contains(why_not(at("none")), "cannot be read: No such file or directory"));
  CHECK(test::contains(why_not(SecretFromFile{folder.path}), "cannot be read: Is a directory"));
}

TEST_CASE("a secret is taken from what a command prints") {
  CHECK(resolve(SecretFromCommand{{"printf", "hunter2\\n"}}) == "hunter2");
  CHECK(test::contains(why_not(SecretFromCommand{{"true"}}), "the secret from command true is empty"));
  CHECK_THROWS_AS((void)resolve(SecretFromCommand{{"/no/such/program"}}), Error);
}

TEST_CASE("a command that fails is told with its complaint, but not with its output") {
  const std::string why = why_not(SecretFromCommand{{"sh", "-c", "printf hunter2; echo locked >&2; exit 3"}});
  CHECK(test::contains(why, "the command sh, which is to print a secret, ended with 3: locked"));
  CHECK_FALSE(test::contains(why, "hunter2"));
  CHECK_FALSE(test::contains(why_not(SecretFromCommand{{"sh", "-c", "printf hunter2; echo no: hunter2 >&2; exit 3"}}), "hunter2"));
}
