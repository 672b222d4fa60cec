#include "ssh/stream_book.hpp"

namespace deploy::ssh {

std::shared_ptr<StreamState> StreamBook::add(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return streams_[key] = std::make_shared<StreamState>();
}

void StreamBook::forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  streams_.erase(key);
}

std::shared_ptr<StreamState> StreamBook::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(key);
  return found == streams_.end() ? nullptr : found->second;
}

std::string StreamBook::diagnosis(const std::string& key) const {
  const auto stream = find(key);
  return stream ? stream->diagnosis() : "";
}

std::exception_ptr StreamBook::failure(const std::string& key) const {
  const auto stream = find(key);
  return stream ? stream->failure() : nullptr;
}

bool StreamBook::opened(const std::string& key) const {
  const auto stream = find(key);
  return !stream || stream->opened();
}

}  // namespace deploy::ssh
