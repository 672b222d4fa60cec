#include "ssh/exec_stream.hpp"
#include "ssh/link.hpp"
#include "ssh/shell_quote.hpp"
#include "ssh/socket_pair.hpp"
#include "ssh/stream_book.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

namespace {

class LinkCarrier final : public StreamCarrier {
 public:
  LinkCarrier(std::shared_ptr<Link> link, StreamRequest request) : link_(std::move(link)), request_(std::move(request)) {}

  void carry(UniqueFd local_end, const std::string& key) override { link_->open(request_, std::move(local_end), book_.add(key)); }
  std::string diagnosis(const std::string& key) override { return book_.diagnosis(key); }
  std::exception_ptr failure(const std::string& key) override { return book_.failure(key); }
  bool opened(const std::string& key) override { return book_.opened(key); }
  void forget(const std::string& key) override { book_.forget(key); }

 private:
  std::shared_ptr<Link> link_;
  StreamRequest request_;
  StreamBook book_;
};

class Libssh2Transport final : public Transport {
 public:
  explicit Libssh2Transport(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  ExecResult exec(const std::vector<std::string>& argv, const std::string& input, const CallLimits& limits) override {
    StreamRequest request;
    request.command = shell_quote(argv);
    SocketPair pair = make_socket_pair();
    auto state = std::make_shared<StreamState>();
    link_->open(request, std::move(pair.theirs), state);
    return run_exec_stream({std::move(pair.ours), *state, to_string(link_->target()), argv.front()}, input, limits);
  }

  std::unique_ptr<StreamCarrier> exec_carrier(std::vector<std::string> argv) override {
    StreamRequest request;
    request.command = shell_quote(argv);
    return std::make_unique<LinkCarrier>(link_, std::move(request));
  }

  std::unique_ptr<StreamCarrier> tcp_carrier(std::string host, std::uint16_t port) override {
    return std::make_unique<LinkCarrier>(link_, StreamRequest{StreamRequest::Kind::tcp, "", std::move(host), port});
  }

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace

std::unique_ptr<Transport> open_libssh2(Reactor& reactor, Target target, Options options) {
  return std::make_unique<Libssh2Transport>(Link::make(reactor, target, options));
}

}  // namespace deploy::ssh
