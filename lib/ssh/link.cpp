#include "ssh/link.hpp"

#include "ssh/socket_pair.hpp"

namespace deploy::ssh {

namespace {

Options options_of_jump(const Options& options) {
  Options jump = options;
  jump.jump.reset();
  return jump;
}

/// std::function wants to copy what it holds; a descriptor cannot be copied.
struct OpenTask {
  StreamRequest request;
  UniqueFd local;
  std::shared_ptr<StreamState> state;
};

}  // namespace

std::shared_ptr<Link> Link::make(Reactor& reactor, const Target& target, const Options& options) {
  return {new Link(reactor, target, options), [&reactor](Link* link) { reactor.post([link] { delete link; }); }};
}

Link::Link(Reactor& reactor, const Target& target, const Options& options) : reactor_(reactor), target_(target), options_(options) {
  if (options_.jump) jump_ = make(reactor, *options_.jump, options_of_jump(options_));
}

Link::~Link() = default;

void Link::open(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state) {
  auto task = std::make_shared<OpenTask>(OpenTask{std::move(request), std::move(local), std::move(state)});
  reactor_.post([self = shared_from_this(), task] { self->open_here(std::move(task->request), std::move(task->local), task->state); });
}

void Link::open_here(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state) {
  try {
    if (!session_ || session_->dead()) start_session();
  } catch (const Error&) {
    return state->set_failed(std::current_exception());
  }
  session_->open(std::move(request), std::move(local), std::move(state));
}

void Link::start_session() {
  session_ = std::make_unique<Session>(reactor_, target_, options_, [self = weak_from_this(), this] {
    // Not from within the session's own call. Nobody may have asked for a new one by then.
    reactor_.post([self] {
      const std::shared_ptr<Link> link = self.lock();
      if (link && link->session_ && link->session_->dead()) link->session_.reset();
    });
  });
  if (jump_) connect_through_jump();
  else session_->connect();
}

void Link::connect_through_jump() {
  SocketPair pair = make_socket_pair();
  auto state = std::make_shared<StreamState>();
  jump_->open({StreamRequest::Kind::tcp, "", target_.host, target_.port}, std::move(pair.theirs), state);
  session_->connect_over(std::move(pair.ours), std::move(state));
}

}  // namespace deploy::ssh
