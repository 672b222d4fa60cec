#include <list>
#include <mutex>

#include "ssh/exec_stream.hpp"
#include "ssh/openssh_stream.hpp"
#include "ssh/shell_quote.hpp"
#include "ssh/socket_pair.hpp"
#include "ssh/stream_book.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

namespace {

/// A host over the `ssh` program: the master and the streams that run. Shared by the transport and its carriers.
class OpensshHost {
 public:
  OpensshHost(Target target, Options options)
      : target_(std::move(target)), options_(std::move(options)), master_(std::make_shared<OpensshMaster>(target_, options_)) {}

  void open(const StreamRequest& request, UniqueFd local, std::shared_ptr<StreamState> state) {
    const std::lock_guard lock(mutex_);
    streams_.remove_if([](const auto& stream) { return stream->finished(); });
    streams_.push_back(std::make_unique<OpensshStream>(master_, target_, options_, request, std::move(local), std::move(state)));
  }

  [[nodiscard]] const Target& target() const { return target_; }

 private:
  const Target target_;
  const Options options_;
  std::shared_ptr<OpensshMaster> master_;
  std::mutex mutex_;
  std::list<std::unique_ptr<OpensshStream>> streams_;
};

class OpensshCarrier final : public StreamCarrier {
 public:
  OpensshCarrier(std::shared_ptr<OpensshHost> host, StreamRequest request) : host_(std::move(host)), request_(std::move(request)) {}

  void carry(UniqueFd local_end, const std::string& key) override { host_->open(request_, std::move(local_end), book_.add(key)); }
  std::string diagnosis(const std::string& key) override { return book_.diagnosis(key); }
  std::exception_ptr failure(const std::string& key) override { return book_.failure(key); }
  bool opened(const std::string& key) override { return book_.opened(key); }
  void forget(const std::string& key) override { book_.forget(key); }

 private:
  std::shared_ptr<OpensshHost> host_;
  StreamRequest request_;
  StreamBook book_;
};

class OpensshTransport final : public Transport {
 public:
  explicit OpensshTransport(std::shared_ptr<OpensshHost> host) : host_(std::move(host)) {}

  ExecResult exec(const std::vector<std::string>& argv, const std::string& input, const CallLimits& limits) override {
    StreamRequest request;
    request.command = shell_quote(argv);
    SocketPair pair = make_socket_pair();
    auto state = std::make_shared<StreamState>();
    host_->open(request, std::move(pair.theirs), state);
    return run_exec_stream({std::move(pair.ours), *state, to_string(host_->target()), argv.front()}, input, limits);
  }

  std::unique_ptr<StreamCarrier> exec_carrier(std::vector<std::string> argv) override {
    StreamRequest request;
    request.command = shell_quote(argv);
    return std::make_unique<OpensshCarrier>(host_, std::move(request));
  }

  std::unique_ptr<StreamCarrier> tcp_carrier(std::string host, std::uint16_t port) override {
    return std::make_unique<OpensshCarrier>(host_, StreamRequest{StreamRequest::Kind::tcp, "", std::move(host), port});
  }

 private:
  std::shared_ptr<OpensshHost> host_;
};

}  // namespace

std::unique_ptr<Transport> open_openssh(Target target, Options options) {
  return std::make_unique<OpensshTransport>(std::make_shared<OpensshHost>(std::move(target), std::move(options)));
}

}  // namespace deploy::ssh
