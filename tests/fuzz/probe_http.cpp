// Whatever a probed port sends back: status line, headers and body as raw bytes, through the real client.
#include "probe/http_probe.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "support/sigpipe_guard.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
/// The service: reads the request's first bytes, says its piece, closes.
class Scripted final : public StreamCarrier {
 public:
  explicit Scripted(std::string_view answer) : answer_(answer) {}
  ~Scripted() override {
    if (thread_.joinable()) thread_.join();
  }

  void carry(UniqueFd local_end, const std::string&) override {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread([this, fd = std::move(local_end)] { serve(fd.get()); });
  }
  std::string diagnosis(const std::string&) override { return ""; }

 private:
  void serve(int fd) const {
    const SigpipeGuard quiet;
    char request[4096];
    while (::recv(fd, request, sizeof request, 0) < 0 && (errno == EAGAIN || errno == EINTR)) std::this_thread::yield();
    for (std::string_view rest = answer_; !rest.empty();) {
      const ssize_t n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n < 0 && errno != EAGAIN && errno != EINTR) return;
      if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    }
    ::shutdown(fd, SHUT_WR);
  }

  std::string_view answer_;
  std::thread thread_;
};
}  // namespace

void try_input(std::string_view input) {
  HttpCheck check;
  check.body = "ok";
  probe::Route route{.address = "127.0.0.1", .port = 8080, .through = "ssh://deploy@192.0.2.10", .carrier = std::make_shared<Scripted>(input)};
  (void)refusal([&] {
    const probe::Finding found = probe::try_http(check, route, {std::chrono::milliseconds(5000), {}});
    hold(found.answer != ProbeAnswer::unknown, "an answer is a success or a failure");
    hold(found.answer != ProbeAnswer::success || input.find("ok") != std::string_view::npos, "only the expected body is a success");
  });
}

}  // namespace deploy::fuzz
