#include <doctest/doctest.h>

#include "deploy/config.hpp"
#include "refusal.hpp"
#include "support/json.hpp"

using namespace deploy;
namespace test = deploy::test;

namespace {
/// Takes the `// ` off the lines and ends that are keys, so that what is commented out is tried too.
std::string with_comments_opened(std::string text) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    std::string line = text.substr(begin, end - begin);
    const std::size_t mark = line.find_first_not_of(' ');
    const bool key = mark != std::string::npos && line.compare(mark, 4, "// \"") == 0;
    const bool brace = mark != std::string::npos && (line.compare(mark, 4, "// {") == 0 || line.compare(mark, 5, "// },") == 0);
    const bool nested = mark != std::string::npos && line.compare(mark, 6, "//   \"") == 0;
    if (key || brace || nested) line.erase(mark, 3);
    if (line.find("\"git\": null") == std::string::npos) out += line + "\n";  // the commented-out one takes its place
    begin = end + 1;
  }
  return out;
}
}  // namespace

TEST_CASE("the template is a configuration that is right as it stands") {
  for (const char* name : {"myapp", "MyApp", "a", "shop_2.x-"}) {
    CAPTURE(name);
    const Config config = Config::parse(config_template(name), "/srv/app");
    CHECK(config.application == name);
    CHECK(config.environments.size() == 2);
    CHECK(config.environment("production").approval->approvers.size() == 2);
  }
  CHECK(test::contains(config_template("MyApp"), "docker.io/you/myapp"));
  CHECK(test::contains(test::refusal([] { return config_template("my \"app"); }), "cannot name an application"));
}

TEST_CASE("what the template comments out is right too, but for the client that reads ssh.config") {
  std::string text = with_comments_opened(config_template("myapp"));
  const std::size_t client = text.find("\"client\": \"libssh2\"");
  REQUIRE(client != std::string::npos);
  text.replace(client, 19, "\"client\": \"openssh\"");
  const std::string why = test::refusal([&] { return Config::parse(text, "/srv/app"); });
  CHECK_MESSAGE(why == "(accepted)", why);
  const Config config = Config::parse(text, "/srv/app");
  CHECK(config.git->push == "origin");
  CHECK(config.environments.at(0).container.cpus == 1.0);
  CHECK(config.environments.at(1).freeze.size() == 1);
  CHECK(config.tls.ca == "/srv/app/certs/ca.pem");
}

TEST_CASE("every key of the schema stands in the template") {
  const auto schema = json::parse(config_schema(), "the schema");
  const std::string text = config_template("myapp");
  const auto check_keys = [&](const json::Value& object) {
    if (const json::Value* properties = json::find(object, "properties"))
      for (const auto& member : properties->GetObject()) {
        if (json::view(member.name) == "$schema") continue;
        CHECK_MESSAGE(test::contains(text, "\"" + std::string(json::view(member.name)) + "\""), json::view(member.name));
        CHECK_MESSAGE(!json::string(member.value, "description").empty(), json::view(member.name));
      }
  };
  check_keys(schema);
  for (const auto& member : json::find(schema, "definitions")->GetObject()) check_keys(member.value);
}
