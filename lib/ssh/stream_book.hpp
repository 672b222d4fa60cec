// The streams of a carrier by their keys.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ssh/stream.hpp"

namespace deploy::ssh {

/// Thread-safe. Of a key that is not (or no longer) in it nothing is known, and it counts as opened.
class StreamBook {
 public:
  [[nodiscard]] std::shared_ptr<StreamState> add(const std::string& key);
  void forget(const std::string& key);

  [[nodiscard]] std::string diagnosis(const std::string& key) const;
  [[nodiscard]] std::exception_ptr failure(const std::string& key) const;
  [[nodiscard]] bool opened(const std::string& key) const;

 private:
  [[nodiscard]] std::shared_ptr<StreamState> find(const std::string& key) const;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<StreamState>> streams_;
};

}  // namespace deploy::ssh
