#include "ssh/wire_socket.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "ssh/socket_pair.hpp"

using namespace deploy::ssh;

TEST_CASE("what is taken off the socket ahead of time says so once, and is given out later") {
  SocketPair pair = make_socket_pair();
  WireSocket wire(std::move(pair.ours), 0);
  CHECK_FALSE(wire.receive_ahead());
  REQUIRE(::send(pair.theirs.get(), "answer", 6, 0) == 6);
  // Nobody else will say that it is there: the socket is empty again.
  CHECK(wire.receive_ahead());
  CHECK_FALSE(wire.receive_ahead());
  std::array<char, 16> bytes{};
  CHECK(wire.receive(bytes.data(), bytes.size()) == 6);
  CHECK(std::string(bytes.data(), 6) == "answer");
}

TEST_CASE("the peer's end is something that came, once") {
  SocketPair pair = make_socket_pair();
  WireSocket wire(std::move(pair.ours), 0);
  pair.theirs.reset();
  CHECK(wire.receive_ahead());
  CHECK(wire.ended());
  CHECK_FALSE(wire.receive_ahead());
}
