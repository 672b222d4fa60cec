// Faults in configurations, each with the words in which it is told.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.hpp"
#include "refusal.hpp"

using namespace deploy;
namespace test = deploy::test;

namespace {
std::string why_not(const std::string& text) {
  return test::refusal([&] { return test::parse(text); });
}

struct Row {
  std::string what, with, expected;
};

void check(const Row& row) {
  const std::string why = why_not(test::spoiled(row.what, row.with));
  CAPTURE(row.with);
  CHECK_MESSAGE(test::contains(why, row.expected), why);
}

const std::string kContainer = R"("container": {"name": "myapp-staging", "ports": ["8081:80"]})";
const std::string kProbe = R"("probe": {"http": {"path": "/health", "port": 8081}})";
std::string with_container(const std::string& keys) { return R"("container": {"name": "myapp-staging", )" + keys + "}"; }
std::string with_http(const std::string& keys) { return R"("probe": {"http": {"port": 8081, )" + keys + "}}"; }
std::string with_times(const std::string& keys) { return R"("probe": {"http": {"port": 8081}, )" + keys + "}"; }
std::string with_image(const std::string& keys) { return R"("image": {"repository": "localhost:5000/myapp", )" + keys + "}"; }
const std::string kImage = R"("image": {"repository": "localhost:5000/myapp"})";
std::string at_top(const std::string& keys) { return R"("application": "myapp", )" + keys; }
const std::string kTop = R"("application": "myapp")";
std::string in_staging(const std::string& keys) { return R"("name": "staging", )" + keys; }
const std::string kStaging = R"("name": "staging")";
}  // namespace

TEST_CASE("the fixture of these tests is right") { CHECK(why_not(std::string(test::kGoodConfig)) == "(accepted)"); }

TEST_CASE("an unknown key is told with its place and the nearest known key") {
  check({kTop, at_top(R"("enviroments": [])"), "configuration:2:27: /enviroments: unknown key \"enviroments\", expected one of \"$schema\", \"application\""});
  check({kTop, at_top(R"("enviroments": [])"), "did you mean \"environments\"?"});
  check({kProbe, with_times(R"("intervall": "1s")"), "configuration:9:41: /environments/0/probe/intervall: unknown key \"intervall\""});
  check({kProbe, with_times(R"("intervall": "1s")"), "did you mean \"interval\"?"});
  check({kProbe, R"("probe": {"engine": {"x": 1}})", "/environments/0/probe/engine/x: unknown key \"x\", expected no keys here"});
  check({kContainer, with_container(R"("a/b": 1)"), "/environments/0/container/a~1b: unknown key"});
}

TEST_CASE("a missing key is told with what it means") {
  check({R"("application": "myapp",)", "", "configuration:1:1: (top level): the key \"application\" is missing: Name of the application"});
  check({kProbe, R"("soak": "0s")", "configuration:5:5: /environments/0: the key \"probe\" is missing: How health is asked for"});
  check({R"("port": 8081)", R"("tls": false)", "configuration:9:25: /environments/0/probe/http: the key \"port\" is missing"});
}

TEST_CASE("a value of the wrong type is told with what was found and what was expected") {
  check({R"("port": 8081)", R"("port": "8081")", "configuration:9:53: /environments/0/probe/http/port: found \"8081\", expected a whole number"});
  check({R"("port": 8081)", R"("port": 80.5)", "found the number 80.5, expected a whole number"});
  check({R"("port": 8081)", R"("port": 0)", "found the number 0, expected at least 1"});
  check({R"("port": 8081)", R"("port": 70000)", "found the number 70000, expected at most 65535"});
  check({kProbe, with_times(R"("interval": 5)"), "configuration:9:53: /environments/0/probe/interval: found the number 5, expected a text in quotes; write \"5\""});
  check({kProbe, with_times(R"("interval": null)"), "found null, expected a text in quotes"});
  check({kContainer, with_container(R"("env": {"PORT": 8080})"), "/environments/0/container/env/PORT: found the number 8080, expected a text in quotes or an object {...}; write \"8080\""});
  check({kContainer, with_container(R"("read_only": "yes")"), "found \"yes\", expected true or false"});
  check({kContainer, with_container(R"("ports": "8081:80")"), "/environments/0/container/ports: found \"8081:80\", expected a list [...]"});
  check({kContainer, with_container(R"("command": "serve")"), "found \"serve\", expected a list [...] or null"});
  check({R"("hosts": ["ssh://deploy@192.0.2.10"])", R"("hosts": [])", "configuration:7:16: /environments/0/hosts: found an empty list, expected at least one element"});
  check({R"("hosts": ["ssh://deploy@192.0.2.10"])", R"("hosts": [""])", "/environments/0/hosts/0: found an empty text"});
  check({kStaging, in_staging(R"("strategy": {"type": "recreat"})"), "found \"recreat\", expected one of \"recreate\", \"blue_green\", \"canary\"; did you mean \"recreate\"?"});
  check({kStaging, in_staging(R"("approval": {"approvers": ["a", "a"]})"), "/environments/0/approval/approvers/1: found \"a\" a second time in this list"});
  CHECK(test::contains(why_not("[]"), "configuration:1:1: (top level): found a list, expected an object {...}"));
  CHECK(test::contains(why_not("null"), "found null, expected an object {...}"));
}

TEST_CASE("exactly one kind of probe must be named") {
  check({kProbe, R"("probe": {})", "configuration:9:16: /environments/0/probe: found none of them, expected exactly one of the keys \"http\", \"tcp\", \"exec\", \"engine\""});
  check({kProbe, R"("probe": {"tcp": {"port": 8081}, "engine": {}})", "found \"tcp\", \"engine\", expected exactly one of the keys"});
}

TEST_CASE("a secret that is written down is refused, explained and not repeated") {
  const std::string why = why_not(test::spoiled(kTop, at_top(R"("registry": {"username": {"env": "U"}, "password": "hunter2"})")));
  CHECK_MESSAGE(test::contains(why, "configuration:2:78: /registry/password: found a literal, but a secret never stands in the configuration; "
                                    "expected {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"command\": [\"program\", ...]}"), why);
  CHECK_FALSE(test::contains(why, "hunter2"));
  CHECK_FALSE(test::contains(why_not(test::spoiled(kTop, at_top(R"("registry": {"pasword": "hunter2"})"))), "hunter2"));
  CHECK_FALSE(test::contains(why_not(test::spoiled(kTop, at_top(R"("registry": {"password": {"value": "hunter2"}})"))), "hunter2"));
  CHECK_FALSE(test::contains(why_not(test::spoiled(kTop, at_top(R"("state": "postgres://app:hunter2@db/x")"))), "hunter2"));
  CHECK_FALSE(test::contains(why_not(test::spoiled("localhost:5000/myapp", "https://app:hunter2@r.io/x")), "hunter2"));
  check({kTop, at_top(R"("ssh": {"identity": "k", "passphrase": {}})"), "/ssh/passphrase: found none of them, expected exactly one of the keys \"env\", \"file\", \"command\""});
  check({kTop, at_top(R"("ssh": {"identity": "k", "passphrase": {"env": "A=B"}})"), "expected the name of an environment variable"});
  check({kTop, at_top(R"("registry": {"username": {"env": "U"}})"), "found only one of \"username\" and \"password\""});
}

TEST_CASE("durations, ports, hosts, memory and names are told in their own words") {
  check({kProbe, with_times(R"("interval": "5")"), "/environments/0/probe/interval: '5' is not a duration; write for example \"500ms\""});
  check({kProbe, with_times(R"("interval": "-1s")"), "'-1s' is not a duration"});
  check({kContainer, with_container(R"("ports": ["8081"])"), "configuration:8:56: /environments/0/container/ports/0: invalid port '8081': the host's port must be given too"});
  check({kContainer, with_container(R"("ports": ["8081:80", "8081:81"])"), "/environments/0/container/ports/1: found \"8081:81\", which binds the same port as \"8081:80\" of this container"});
  check({"ssh://deploy@192.0.2.10", "192.0.2.10", "configuration:7:17: /environments/0/hosts/0: invalid host '192.0.2.10': expected unix:///path"});
  check({R"(["ssh://deploy@192.0.2.10"])", R"(["ssh://deploy@192.0.2.10", "ssh://deploy@192.0.2.10:22"])", "/environments/0/hosts/1: found the host ssh://deploy@192.0.2.10 a second time"});
  check({kContainer, with_container(R"("memory": "5x")"), "'5x' is not an amount of memory: the unit 'x'"});
  check({kContainer, with_container(R"("memory": "4m")"), "found \"4m\", expected at least 6m"});
  check({kContainer, R"("container": {"name": "my app"})", "/environments/0/container/name: found \"my app\", expected a container's name"});
  check({R"("name": "staging")", R"("name": "-staging")", "/environments/0/name: found \"-staging\", expected a letter or digit"});
  check({kTop, R"("application": "my app")", "/application: found \"my app\", expected a letter or digit"});
  check({kTop, at_top(R"("state": "postgres://x")"), "/state: found \"postgres://x\", expected sqlite:PATH"});
  check({kTop, at_top(R"("engine": "http://x")"), "/engine: invalid host 'http://x'"});
  check({kTop, at_top(R"("ssh": {"identity": "~bob/key"})"), "/ssh/identity: '~bob/key': only one's own home is known as '~'"});
  check({kTop, at_top(R"("ssh": {"jump": "tcp://x"})"), "/ssh/jump: found \"tcp://x\", expected ssh://"});
  check({kTop, at_top(R"("ssh": {"config": "x"})"), "/ssh/config: found a configuration of the ssh program, which only \"client\": \"openssh\" reads"});
  check({kTop, at_top(R"("tls": {"cert": "x"})"), "/tls: found only one of \"cert\" and \"key\""});
}

TEST_CASE("images and their tags are checked when the file is read, not when the build is done") {
  check({"localhost:5000/myapp", "localhost:5000/MyApp", "/image/repository: invalid image reference 'localhost:5000/MyApp': the repository must be lower case"});
  check({"localhost:5000/myapp", "localhost:5000/myapp:1", "expected a repository without tag or digest: \"localhost:5000/myapp\""});
  check({kImage, with_image(R"("version": "1.0.{biuld}")"), "/image/version: bad template '1.0.{biuld}': there is no field 'biuld'; did you mean {build}?"});
  check({kImage, with_image(R"("version": "1.{build}")"), "found \"1.{build}\", which gives \"1.7\" for build 7; expected a version (SemVer)"});
  check({kImage, with_image(R"("version": "1.0.0")"), "gives every build the same version"});
  check({kImage, with_image(R"("version": "1.0.{version}")"), "found {version}, which is not known yet when this is filled; expected {build}, {commit}"});
  check({kImage, with_image(R"("tags": ["latest"])"), "/image/tags/0: found \"latest\", which would name every build; a tag that moves belongs in \"floating_tags\""});
  check({kImage, with_image(R"("tags": ["a b{build}"])"), "which is no image tag"});
  check({kImage, with_image(R"("floating_tags": ["1.0.0"])"), "found \"1.0.0\", a version tag, which never moves"});
  check({kImage, with_image(R"("floating_tags": ["a b"])"), "/image/floating_tags/0: 'a b' is not an image tag"});
  check({kImage, with_image(R"("floating_after": "stagin")"), "/image/floating_after: found \"stagin\", expected the name of an environment (\"staging\", \"production\"); did you mean \"staging\"?"});
  check({kTop, at_top(R"("git": {"after": "prod"})"), "/git/after: found \"prod\", expected the name of an environment"});
  check({kTop, at_top(R"("git": {"tag": "release"})"), "would tag every release the same"});
  check({kTop, at_top(R"("git": {"tag": "{version}.."})"), "no name for a git tag"});
}

TEST_CASE("what the container is given must be what the Engine takes") {
  check({kContainer, with_container(R"("volumes": ["data"])"), "found \"data\": expected source:target[:ro]"});
  check({kContainer, with_container(R"("volumes": ["./data:/data"])"), "'./data' is neither an absolute path on the host nor the name of a volume"});
  check({kContainer, with_container(R"("volumes": ["data:/data:rx"])"), "the option 'rx' is not known"});
  check({kContainer, with_container(R"("volumes": ["a:/data", "b:/data"])"), "mounted at the same path as \"a:/data\""});
  check({kContainer, with_container(R"("networks": ["host"], "ports": ["8081:80"])"), "found \"host\" together with \"ports\""});
  check({kContainer, with_container(R"("networks": ["host", "front"])"), "found \"host\" among other networks"});
  check({kContainer, with_container(R"("restart": "sometimes")"), "found \"sometimes\": expected no, always, unless-stopped or on-failure[:N]"});
  check({kContainer, with_container(R"("labels": {"io.libdeploy.version": "1"})"), "labels that begin with io.libdeploy. are written by libdeploy itself"});
  check({kContainer, with_container(R"("env": {"A=B": "x"})"), "/environments/0/container/env/A=B: found a variable's name that is empty or holds '='"});
}

TEST_CASE("a probe that could never succeed is refused") {
  check({kProbe, with_times(R"("deadline": "1s", "timeout": "1s", "interval": "2s")"), "/environments/0/probe/deadline: the deadline of 1s is shorter than the interval of 2s"});
  check({kProbe, with_times(R"("timeout": "2m")"), "/environments/0/probe/timeout: the timeout of one try, 2m, is longer than the deadline of 1m"});
  check({kProbe, with_times(R"("interval": "0s")"), "/environments/0/probe/interval: found \"0s\", expected more than nothing"});
  check({R"("port": 8081)", R"("port": 80)", "configuration:9:53: /environments/0/probe/http/port: found 80, but the container publishes only \"8081:80\"; "
                                            "nothing would answer there; 80 is the container's port, the host's is 8081"});
  check({kProbe, R"("probe": {"tcp": {"port": 9}})", "/environments/0/probe/tcp/port: found 9, but the container publishes only \"8081:80\""});
  check({kProbe, with_http(R"("path": "health")"), "/environments/0/probe/http/path: found \"health\": expected a path that begins with '/'"});
  check({kProbe, with_http(R"("path": "/a b")"), "a path holds no blanks"});
  check({kProbe, with_http(R"("body": "/(/")"), "not a regular expression (ECMAScript without back-references)"});
  check({kProbe, with_http(R"("json": {"status": "ok"})"), "found \"status\": expected a JSON pointer, which begins with '/'"});
  check({kProbe, with_http(R"("headers": {"X Y": "1"})"), "found \"X Y\": not a header's name"});
  check({kProbe, with_http(R"("headers": {"X": "1\r\nEvil: 2"})"), "a header's value holds no line breaks"});
  check({kProbe, with_http(R"("ca": "x.pem")"), "expected \"tls\": true beside it"});
  check({kProbe, with_http(R"("status": [200, 700])"), "/environments/0/probe/http/status/1: found the number 700, expected at most 599"});
}

TEST_CASE("a probe of a port that something else may serve is not refused") {
  CHECK(why_not(test::spoiled(kProbe, R"("probe": {"http": {"port": 80}, "from": "controller"})")) == "(accepted)");  // a load balancer
  CHECK(why_not(test::spoiled(kContainer, R"("container": {"name": "a", "networks": ["host"]})")) == "(accepted)");
  CHECK(why_not(test::spoiled(kContainer, R"("container": {"name": "a"})")) == "(accepted)");  // a proxy on the host
}

TEST_CASE("environments that would fight are told apart by their host") {
  check({"myapp-prod", "myapp-staging", "configuration:14:29: /environments/1/container/name: found \"myapp-staging\", but environment \"staging\" has a container of that name on the same host ssh://deploy@192.0.2.10"});
  check({R"("8080:80"]},)", R"("127.0.0.1:8080-8082:80-82"]},)",
         "configuration:14:53: /environments/1/container/ports/0: found \"127.0.0.1:8080-8082:80-82\", but environment \"staging\" binds \"8081:80\" on the same host ssh://deploy@192.0.2.10"});
  check({R"("8080:80"]},)", R"("8081:80/TCP"]},)", "found \"8081:80/TCP\", but environment \"staging\" binds \"8081:80\""});
  check({R"("name": "production")", R"("name": "staging")", "configuration:12:15: /environments/1/name: found \"staging\", the name of another environment"});
  std::string elsewhere = test::spoiled("myapp-prod", "myapp-staging");
  elsewhere.replace(elsewhere.rfind("192.0.2.10"), 10, "192.0.2.11");
  CHECK(why_not(elsewhere) == "(accepted)");
}

TEST_CASE("upstreams must exist and lead somewhere") {
  check({R"("after": "staging")", R"("after": "stagin")", "configuration:12:38: /environments/1/after: found \"stagin\", expected the name of an environment (\"staging\", \"production\"); did you mean \"staging\"?"});
  check({R"("after": "staging")", R"("after": "production")", "found \"production\", the environment itself"});
  check({kStaging, in_staging(R"("after": "production")"), "/environments/0/after: found \"production\", which closes a cycle: staging -> production -> staging"});
  check({kStaging, in_staging(R"("soak": "1h")"), "found a \"soak\" without an \"after\""});
  check({kStaging, in_staging(R"("max_age": "1h")"), "found a \"max_age\" without an \"after\""});
  check({kStaging, in_staging(R"("stop_the_line": true)"), "found \"stop_the_line\" without an \"after\""});
}

TEST_CASE("gates that could never open, or would never close, are refused") {
  check({kStaging, in_staging(R"("approval": {"approvers": ["a"], "required": 2})"), "/environments/0/approval/required: found 2, but there are only 1 approvers"});
  check({kStaging, in_staging(R"("approval": {"approvers": ["a"], "expires": "0s"})"), "every approval would have expired"});
  check({kStaging, in_staging(R"("approval": {"approvers": ["a"], "signatures": {}})"), "the key \"allowed_signers\" is missing"});
  check({kStaging, in_staging(R"("freeze": [{"from": "Fre 16:00", "to": "Mon 08:00"}])"), "/environments/0/freeze/0/from: 'Fre 16:00' is not a time of the week"});
  check({kStaging, in_staging(R"("freeze": [{"from": "Fri 16:00", "to": "Fri 16:00"}])"), "the same time as \"from\""});
  check({kStaging, in_staging(R"("freeze": [{"from": "Fri 16:00", "to": "Mon 08:00", "timezone": "Europe/Berln"}])"),
         "/environments/0/freeze/0/timezone: found \"Europe/Berln\", expected the name of a time zone such as \"Europe/Berlin\"; did you mean \"Europe/Berlin\"?"});
}

TEST_CASE("all faults are listed, in the order of the text, one per line") {
  std::string text = test::spoiled(kProbe, with_times(R"("intervall": "1s", "timeout": 5)"));
  text.replace(text.find("myapp-prod"), 10, "my prod");
  try {
    (void)test::parse(text);
    FAIL("accepted");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(std::count(message.begin(), message.end(), '\n') == 2);
    CHECK(message.find("/intervall:") < message.find("/timeout:"));
    CHECK(message.find("/timeout:") < message.find("/environments/1/container/name:"));
    CHECK(error.code() == ErrorCode::invalid_config);
    CHECK(error.details().at("line") == "9");
    CHECK(error.details().at("column") == "41");
    CHECK(error.details().at("pointer") == "/environments/0/probe/intervall");
    CHECK(error.details().at("faults") == "3");
  }
}

TEST_CASE("a fault in the text is told with its place") {
  const std::string why = why_not("{\n  \"application\": \"a\"\n  \"image\": {}\n}");
  CHECK_MESSAGE(test::contains(why, "configuration:3:3: (top level): not valid JSON: missing a comma or "), why);
  CHECK(test::contains(why, "; found '\"'"));
  CHECK(test::contains(why_not(test::spoiled(kTop, R"("application": "a", "application": "b")")), "configuration:2:23: /application: the key 'application' stands twice; it first stands in line 2"));
  CHECK(test::contains(why_not(std::string(test::kGoodConfig) + '\xff'), "found the byte 0xff, which is not UTF-8"));
}
