#include "progress.hpp"

#include <cstdlib>

#include "text.hpp"

namespace deployctl {

namespace {

std::string detail(const deploy_event *event, const char *key) {
  const char *value = deploy_event_get_detail(event, key);
  return value ? value : "";
}

std::string pulled(const deploy_event *event) {
  const auto current = std::atoll(detail(event, "current").c_str());
  const auto total = std::atoll(detail(event, "total").c_str());
  if (current <= 0 && total <= 0) return "";
  return total > 0 ? bytes(current) + " of " + bytes(total) : bytes(current);
}

std::string tried(const deploy_event *event) {
  const std::string answer = detail(event, "answer");
  const std::string text = detail(event, "detail");
  return text.empty() ? answer : text;
}

}  // namespace

Progress::Progress(Screen &screen, bool verbose) : screen_(screen), verbose_(verbose) {
  if (screen_.live()) ticker_ = std::thread([this] { tick(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (ticker_.joinable()) ticker_.join();
  screen_.block({});
}

void Progress::on_event(const deploy_event *event, void *user_data) { static_cast<Progress *>(user_data)->take(event); }

void Progress::take(const deploy_event *event) {
  if (screen_.json()) return screen_.json_line(deploy_event_to_json(event));
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  if (deploy_event_get_info(event, &info) != DEPLOY_OK) return;
  const std::lock_guard lock(mutex_);
  const std::string after = info.kind == DEPLOY_EVENT_STEP_FINISHED || info.kind == DEPLOY_EVENT_STEP_FAILED ? took(info) : "";
  follow(info, event);
  if (screen_.live()) redraw();
  print(info, event, after);
}

/// Keeps the state of the hosts that are at work.
void Progress::follow(const deploy_event_info &info, const deploy_event *event) {
  const std::string host = info.host;
  switch (info.kind) {
    case DEPLOY_EVENT_STEP_STARTED:
      hosts_[host] = {info.step, "", Clock::now()};
      started_[host + "\n" + info.step] = Clock::now();
      break;
    case DEPLOY_EVENT_STEP_PROGRESS: at_work(host, info.step).detail = pulled(event); break;
    case DEPLOY_EVENT_PROBE_TRIED: at_work(host, info.step).detail = tried(event); break;
    case DEPLOY_EVENT_BAKING: at_work(host.empty() ? info.environment : host, "bake"); break;
    case DEPLOY_EVENT_STEP_FINISHED:
    case DEPLOY_EVENT_STEP_FAILED: hosts_.erase(host); break;
    case DEPLOY_EVENT_VERIFIED:
    case DEPLOY_EVENT_DEPLOYMENT_STARTED:
    case DEPLOY_EVENT_DEPLOYMENT_FINISHED:
      hosts_.clear();
      last_probe_.clear();
      break;
    default: break;
  }
}

/// The host's line; one that was idle (between the steps the bake probes it) begins anew.
Progress::Host &Progress::at_work(const std::string &host, const std::string &step) {
  return hosts_.try_emplace(host, Host{step.empty() ? "probe" : step, "", Clock::now()}).first->second;
}

std::string Progress::line(const deploy_event_info &info, const std::string &after) const {
  const std::string message = info.message;
  const std::string host = info.host;
  std::string text = *info.environment ? std::string(info.environment) + ": " : "";
  text += message;
  if (!host.empty() && message.find(host) == std::string::npos) text += " [" + host + "]";
  return text + after;
}

std::string Progress::took(const deploy_event_info &info) {
  const auto it = started_.find(std::string(info.host) + "\n" + info.step);
  if (it == started_.end()) return "";
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - it->second);
  started_.erase(it);
  return " (" + duration(elapsed.count()) + ")";
}

void Progress::print(const deploy_event_info &info, const deploy_event *event, const std::string &after) {
  switch (info.kind) {
    case DEPLOY_EVENT_WARNING: return screen_.complain("warning: " + line(info), Tone::warning);
    case DEPLOY_EVENT_STEP_FAILED: return screen_.tell(line(info, after), Tone::bad);
    case DEPLOY_EVENT_STEP_UNDONE: return screen_.tell(line(info), Tone::warning);
    case DEPLOY_EVENT_STEP_FINISHED: return screen_.tell(line(info, after));
    case DEPLOY_EVENT_VERIFIED: return screen_.tell(line(info), Tone::good);
    case DEPLOY_EVENT_QUARANTINED: return screen_.tell(line(info), Tone::warning);
    case DEPLOY_EVENT_PROBE_TRIED: return print_probe(info, event);
    case DEPLOY_EVENT_GATE_ANSWERED:
      if (verbose_) screen_.tell(line(info), Tone::faint);
      return;
    case DEPLOY_EVENT_BUILD_OUTPUT:
      if (verbose_) screen_.tell(info.message, Tone::faint);
      return;
    case DEPLOY_EVENT_STEP_STARTED:
    case DEPLOY_EVENT_STEP_PROGRESS:
    case DEPLOY_EVENT_DEPLOYMENT_FINISHED: return;  // the block shows the first two, the command's result the third
    default: return screen_.tell(line(info));
  }
}

/// Without -v only what differs from the try before: "connection refused" twenty times says no more than once.
void Progress::print_probe(const deploy_event_info &info, const deploy_event *event) {
  const std::string answer = detail(event, "answer");
  if (!verbose_ && (screen_.live() || answer == "success" || last_probe_[info.host] == answer)) return;
  last_probe_[info.host] = answer;
  screen_.tell(line(info), Tone::faint);
}

void Progress::redraw() {
  std::vector<std::string> lines;
  for (const auto &[host, state] : hosts_) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - state.since);
    lines.push_back("  " + host + "  " + state.step + "  " + duration(elapsed.count() / 100 * 100) +
                    (state.detail.empty() ? "" : "  " + state.detail));
  }
  screen_.block(lines);
}

void Progress::tick() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(200), [this] { return stop_; }))
    if (!hosts_.empty()) redraw();
}

}  // namespace deployctl
