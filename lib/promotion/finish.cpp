#include "promotion/finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "deploy/error.hpp"
#include "promotion/host_run.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
const CallLimits kTagLimits{std::chrono::milliseconds{60'000}, {}};
constexpr int kKeptFailures = 1;  // the newest failed candidate stays for forensics

class Settling {
 public:
  Settling(Surroundings& around, const Environment& env, const Plan& plan, const std::string& deployment, Deployment& record)
      : around_(around), env_(env), plan_(plan), deployment_(deployment), record_(record) {}

  void attempt(const std::string& what, const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      // Not swallowed: a warning in event and record, and `unfinished` makes the next run or resume do it.
      record_.warnings.push_back(fmt::format("{}: {}", what, error.what()));
      record_.unfinished.push_back(what);
      around_.narrator.warn({env_.name, deployment_, "", what}, record_.warnings.back());
    }
  }

  void floating_tags() {
    if (env_.name != around_.config.image.floating_after) return;
    for (const std::string& tag : around_.config.image.floating_tags) around_.registry.tag(plan_.release.image, expand(tag, fields()), TagMove::allow, kTagLimits);
  }

  void git_tag() {
    const auto& git = around_.config.git;
    if (!git || env_.name != git->after || plan_.kind == PlanKind::rollback || plan_.release.commit.empty()) return;
    if (plan_.release.commit.find("-dirty") != std::string::npos) {
      record_.warnings.push_back("no git tag: the release was built from a tree with uncommitted changes");
      return;
    }
    const std::string message = fmt::format("{} {}\n\nImage: {}\nDigest: {}\nVerified in: {}\nDeployment: {}\n", around_.config.application, plan_.release.version.str(),
                                            plan_.release.image.name(), plan_.release.digest.str(), env_.name, deployment_);
    around_.source.tag(expand(git->tag, fields()), plan_.release.commit, message, git->push, kTagLimits);
  }

  void retention() {
    for (const Host& host : env_.hosts) retire(around_.fleet.engine(host));
  }

 private:
  [[nodiscard]] TemplateFields fields() const {
    return {plan_.release.version.str(), plan_.release.build > 0 ? std::to_string(plan_.release.build) : "", plan_.release.commit, env_.name};
  }

  /// Keeps the newest `keep` retained containers and the newest failed one of this environment; never touches what runs.
  void retire(Engine& engine) {
    auto all = engine.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name}}, kTagLimits);
    std::sort(all.begin(), all.end(), [](const ContainerInfo& a, const ContainerInfo& b) { return a.finished.value_or(TimePoint{}) > b.finished.value_or(TimePoint{}); });
    int retained = 0, failed = 0;
    for (const ContainerInfo& info : all) {
      if (info.running() || info.name == env_.container.name) continue;
      const bool is_failed = info.name.rfind(env_.container.name + ".failed.", 0) == 0;
      const bool is_retained = info.name.rfind(env_.container.name + ".v", 0) == 0;
      if (!is_failed && !is_retained) continue;
      if (is_failed ? ++failed > kKeptFailures : ++retained > (mutated(Mutation::no_retained_container) ? 0 : env_.rollback.keep)) engine.remove(info.id, kTagLimits);
    }
  }

  Surroundings& around_;
  const Environment& env_;
  const Plan& plan_;
  const std::string& deployment_;
  Deployment& record_;
};
}  // namespace

void settle(Surroundings& around, const Environment& env, const Plan& plan, const std::string& deployment, Deployment& record) {
  Settling settling(around, env, plan, deployment, record);
  settling.attempt("floating_tags", [&] { settling.floating_tags(); });
  settling.attempt("git_tag", [&] { settling.git_tag(); });
  settling.attempt("retention", [&] { settling.retention(); });
}

}  // namespace deploy
