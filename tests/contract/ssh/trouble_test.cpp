#include <csignal>
#include <thread>

#include "busy_door.hpp"
#include "harness.hpp"
#include "http/client.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using namespace deploy::ssh;
using namespace deploy::ssh::testing;
using deploy::testing::ScriptedServer;
using deploy::testing::SeenRequest;

namespace {

/// The process of sshd that serves this session.
pid_t session_process(Transport& transport) {
  return static_cast<pid_t>(std::stol(transport.exec({"sh", "-c", "echo $PPID"}, "", kQuick).output));
}

Options impatient() {
  Options options = good_options();
  options.keepalive = milliseconds(1'000);
  options.stall_timeout = milliseconds(4'000);
  return options;
}

Target behind(const BusyDoor& door) {
  Target where = target();
  where.port = door.port();
  return where;
}

}  // namespace

TEST_CASE_TEMPLATE("a host that hangs up before it says who it is, is asked again", Adapter, SSH_ADAPTERS) {
  BusyDoor door(2, target().port);
  Adapter adapter;
  const Error error = error_of([&] { (void)adapter.open(behind(door), good_options())->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::host_key_unknown);  // the third time it got as far as the host's key, which is recorded for another port
  CHECK(door.visits() >= 3);
}

TEST_CASE_TEMPLATE("a host that always hangs up is asked three times, and the error says so", Adapter, SSH_ADAPTERS) {
  BusyDoor door(1'000, target().port);
  Adapter adapter;
  const Error error = error_of([&] { (void)adapter.open(behind(door), good_options())->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(contains(error.what(), "tried 3 times"));
  CHECK(door.visits() == 3);
}

TEST_CASE_TEMPLATE("a call that is stopped between two tries ends at once", Adapter, SSH_ADAPTERS) {
  BusyDoor door(1'000, target().port);
  Adapter adapter;
  Options options = good_options();
  options.pause = milliseconds(60'000);
  std::stop_source stop;
  std::thread stopper([&] {
    while (door.visits() == 0) std::this_thread::sleep_for(milliseconds(5));
    stop.request_stop();
  });
  const auto transport = adapter.open(behind(door), options);
  const auto took = time_of([&] { CHECK(error_of([&] { (void)transport->exec({"true"}, "", {milliseconds(30'000), stop.get_token()}); }).code() == ErrorCode::cancelled); });
  stopper.join();
  CHECK(took < milliseconds(10'000));
}

TEST_CASE_TEMPLATE("nobody listens at the host's port: unreachable at once", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Target nowhere = target();
  nowhere.port = 1;
  const auto transport = adapter.open(nowhere, good_options());
  const auto took = time_of([&] {
    const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
    CHECK(error.code() == ErrorCode::unreachable);
    CHECK(contains(error.what(), "refused"));
    CHECK(error.details().contains("host"));
  });
  CHECK(took < milliseconds(2'000));
}

TEST_CASE_TEMPLATE("a name that does not resolve is unreachable, and named", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Target nowhere = target();
  nowhere.host = "no-such-host.invalid";
  const Error error = error_of([&] { (void)adapter.open(nowhere, good_options())->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(contains(error.what(), "no-such-host.invalid"));
}

TEST_CASE_TEMPLATE("a port where no SSH server listens is said to be none, within the handshake's time", Adapter, SSH_ADAPTERS) {
  ScriptedServer server([](const SeenRequest&) { return ""; });
  Adapter adapter;
  Target web = target();
  web.port = static_cast<std::uint16_t>(server.port());
  Options options = good_options();
  options.connect_timeout = milliseconds(1'000);
  options.handshake_timeout = milliseconds(1'000);
  const auto took = time_of([&] { CHECK(error_of([&] { (void)adapter.open(web, options)->exec({"true"}, "", kQuick); }).code() == ErrorCode::unreachable); });
  CHECK(took < milliseconds(4'000));
}

TEST_CASE_TEMPLATE("a session whose process is killed under a call loses the connection, and the next call gets a new one", Adapter, SSH_ADAPTERS) {
  ScriptedServer server([](const SeenRequest&) { return "hang"; });
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const pid_t process = session_process(*transport);
  http::Client client(http::Endpoint::carried(transport->tcp_carrier("127.0.0.1", static_cast<std::uint16_t>(server.port())), to_string(target())));
  std::thread killer([&] {
    while (server.seen().empty()) std::this_thread::sleep_for(milliseconds(5));
    kill(process, SIGKILL);
  });
  const Error error = error_of([&] { client.send({.method = "POST"}, kQuick); });
  killer.join();
  CHECK(error.code() == ErrorCode::connection_lost);
  CHECK(error.outcome_unknown());
  CHECK(contains(error.what(), "SSH session"));
  CHECK(session_process(*transport) != process);
}

TEST_CASE_TEMPLATE("a command whose session is killed is lost, not failed", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const pid_t process = session_process(*transport);
  std::thread killer([&] {
    std::this_thread::sleep_for(milliseconds(500));
    kill(process, SIGKILL);
  });
  const Error error = error_of([&] { (void)transport->exec({"sleep", "20"}, "", kQuick); });
  killer.join();
  CHECK(error.code() == ErrorCode::connection_lost);
}

TEST_CASE_TEMPLATE("a command killed by a signal there is no lost session", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const ExecResult result = transport->exec({"sh", "-c", "kill -9 $$"}, "", kQuick);
  CHECK(result.exit_code == Adapter::kExitCodeOfKilled);
}

TEST_CASE_TEMPLATE("a host that has stopped is noticed by our own timer", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), impatient());
  const pid_t process = session_process(*transport);
  kill(process, SIGSTOP);
  const auto took = time_of([&] {
    const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
    CHECK((error.code() == ErrorCode::unreachable || error.code() == ErrorCode::connection_lost));
  });
  kill(process, SIGKILL);
  CHECK(took < milliseconds(8'000));
  CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
}

TEST_CASE_TEMPLATE("an idle session that is healthy is kept", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), impatient());
  const pid_t process = session_process(*transport);
  std::this_thread::sleep_for(milliseconds(6'000));
  CHECK(session_process(*transport) == process);
}

TEST_CASE_TEMPLATE("an idle session that the host closed is replaced without an error", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const pid_t process = session_process(*transport);
  kill(process, SIGKILL);
  std::this_thread::sleep_for(milliseconds(300));
  CHECK(session_process(*transport) != process);
}

TEST_CASE_TEMPLATE("a host is reached through a jump host", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Target behind = target();
  behind.host = "127.0.0.2";
  Options options = good_options();
  options.jump = target();
  const auto transport = adapter.open(behind, options);
  CHECK(transport->exec({"sh", "-c", "set -- $SSH_CONNECTION; echo $3"}, "", kQuick).output == "127.0.0.2\n");
  http::Client engine(http::Endpoint::carried(transport->exec_carrier({"docker", "system", "dial-stdio"}), to_string(behind)));
  CHECK(engine.send({.path = "/_ping"}, kQuick).body == "OK");
}

TEST_CASE_TEMPLATE("trouble with the jump host is told as such", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Options options = good_options();
  options.jump = target();
  options.jump->port = 1;
  Target behind = target();
  behind.host = "127.0.0.2";
  const Error error = error_of([&] { (void)adapter.open(behind, options)->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(contains(error.what(), "jump"));
  options.jump = target();
  options.known_hosts = service("KNOWN_HOSTS_EMPTY");
  CHECK(error_of([&] { (void)adapter.open(behind, options)->exec({"true"}, "", kQuick); }).code() == ErrorCode::host_key_unknown);
}

TEST_CASE_TEMPLATE("a transport that is let go of while it works leaves nothing behind", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto took = time_of([&] {
    const auto transport = adapter.open(target(), good_options());
    (void)transport->exec({"true"}, "", kQuick);
    http::Client client(http::Endpoint::carried(transport->exec_carrier({"sleep", "30"}), to_string(target())));
    CHECK_THROWS_AS(client.send({}, {milliseconds(300), {}}), Error);
  });
  CHECK(took < milliseconds(4'000));
}
