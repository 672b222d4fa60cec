#include "simulation/fake_source.hpp"

#include "deploy/error.hpp"
#include "support/hash.hpp"

namespace deploy::simulation {

FakeSource::FakeSource() { commit("first"); }

std::optional<SourceState> FakeSource::state(const CallLimits&) {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::optional<SourceTag> FakeSource::find_tag(const std::string& name, const std::string& remote, const CallLimits&) {
  const std::lock_guard lock(mutex_);
  const Tags& tags = tags_[remote];
  const auto found = tags.find(name);
  return found == tags.end() ? std::nullopt : std::optional(found->second);
}

void FakeSource::tag(const std::string& name, const std::string& commit, const std::string&, const std::string& remote, const CallLimits&) {
  const std::lock_guard lock(mutex_);
  add(tags_[""], {name, commit, true});
  if (remote.empty()) return;
  if (refusal_) throw Error(*refusal_, "git", "pushing tag " + name + " to " + remote + " failed; the tag is in the local repository");
  add(tags_[remote], {name, commit, true});
}

void FakeSource::commit(const std::string& text) {
  const std::lock_guard lock(mutex_);
  state_ = SourceState{sha256_hex("commit " + text).substr(0, 40), false, "git@example.test:application.git"};
}

void FakeSource::set_state(std::optional<SourceState> state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

void FakeSource::put_tag(const std::string& remote, const SourceTag& tag) {
  const std::lock_guard lock(mutex_);
  tags_[remote].insert_or_assign(tag.name, tag);
}

void FakeSource::refuse_pushes(std::optional<ErrorCode> code) {
  const std::lock_guard lock(mutex_);
  refusal_ = code;
}

void FakeSource::add(Tags& tags, const SourceTag& tag) const {
  const auto [found, added] = tags.emplace(tag.name, tag);
  if (!added && found->second.commit != tag.commit)
    throw Error(ErrorCode::tag_moved, "git", "tag " + tag.name + " is at commit " + found->second.commit + ", not at " + tag.commit,
                {{"tag", tag.name}, {"existing", found->second.commit}, {"wanted", tag.commit}});
}

}  // namespace deploy::simulation
