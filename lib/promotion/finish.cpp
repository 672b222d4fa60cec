#include "promotion/finish.hpp"

#include <fmt/format.h>

#include <functional>

#include "deploy/error.hpp"
#include "promotion/execute.hpp"
#include "promotion/host_run.hpp"
#include "promotion/planner.hpp"
#include "promotion/retention.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
const CallLimits kTagLimits{std::chrono::milliseconds{60'000}, {}};

class Settling {
 public:
  Settling(Surroundings& around, const Environment& env, const Plan& plan, const std::string& deployment, Deployment& record, const std::function<void()>& check)
      : around_(around), env_(env), plan_(plan), deployment_(deployment), record_(record), check_(check) {}

  void attempt(const std::string& what, const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      if (must_leave(error)) throw;
      // Not swallowed: a warning in event and record, and `unfinished` makes the next run or resume do it.
      record_.warnings.push_back(fmt::format("{}: {}", what, error.what()));
      record_.unfinished.push_back(what);
      around_.narrator.warn({env_.name, deployment_, "", what}, record_.warnings.back());
    }
  }

  void floating_tags() {
    if (env_.name != around_.config.image.floating_after) return;
    for (const std::string& tag : around_.config.image.floating_tags) {
      check_();
      around_.registry.tag(plan_.release.image, expand(tag, fields()), TagMove::allow, kTagLimits);
    }
  }

  void git_tag() {
    const auto& git = around_.config.git;
    if (mutated(Mutation::skip_git_tag)) return;
    if (!git || env_.name != git->after || plan_.kind == PlanKind::rollback || plan_.release.commit.empty()) return;
    if (plan_.release.commit.find("-dirty") != std::string::npos) {
      record_.warnings.push_back("no git tag: the release was built from a tree with uncommitted changes");
      return;
    }
    const std::string message = fmt::format("{} {}\n\nImage: {}\nDigest: {}\nVerified in: {}\nDeployment: {}\n", around_.config.application, plan_.release.version.str(),
                                            plan_.release.image.name(), plan_.release.digest.str(), env_.name, deployment_);
    check_();
    around_.source.tag(expand(git->tag, fields()), plan_.release.commit, message, git->push, kTagLimits);
  }

  Retained retention() {
    Retained retained;
    for (const Host& host : env_.hosts) {
      retained[host.url()] = retire(around_.fleet.engine(host));
      remove_images(host);
    }
    return retained;
  }

 private:
  [[nodiscard]] TemplateFields fields() const {
    return {plan_.release.version.str(), plan_.release.build > 0 ? std::to_string(plan_.release.build) : "", plan_.release.commit, env_.name};
  }

  std::vector<std::string> retire(Engine& engine) {
    auto all = engine.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name}}, kTagLimits);
    Retention sorted = sort_containers(std::move(all), env_, rollback_targets(around_.state, env_.name, plan_.release.digest.str(), true));
    if (mutated(Mutation::no_retained_container)) std::swap(sorted.retired, sorted.retained);
    for (const std::string& id : sorted.retired) {
      check_();
      engine.remove(id, kTagLimits);
    }
    return std::move(sorted.retained);
  }

  /// By name, never by force and never by a prune: what the Engine will not part with is in somebody's use, and stays.
  void remove_images(const Host& host) {
    Engine& engine = around_.fleet.engine(host);
    const auto images = engine.list_images(around_.config.image.repository, kTagLimits);
    for (const std::string& name : superfluous_images(images, around_.state, around_.config, {env_.name, plan_.release.digest.str()})) {
      check_();
      try {
        engine.remove_image(name, kTagLimits);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict && error.code() != ErrorCode::refused) throw;
        record_.warnings.push_back(fmt::format("{} stays on {}: {}", name, host.url(), error.what()));
      }
    }
  }

  Surroundings& around_;
  const Environment& env_;
  const Plan& plan_;
  const std::string& deployment_;
  Deployment& record_;
  const std::function<void()>& check_;
};
}  // namespace

Retained settle(Surroundings& around, const Environment& env, const Plan& plan, const std::string& deployment, Deployment& record,
                const std::function<void()>& check) {
  Settling settling(around, env, plan, deployment, record, check);
  settling.attempt("floating_tags", [&] { settling.floating_tags(); });
  settling.attempt("git_tag", [&] { settling.git_tag(); });
  Retained retained;
  settling.attempt("retention", [&] { retained = settling.retention(); });
  return retained;
}

}  // namespace deploy
