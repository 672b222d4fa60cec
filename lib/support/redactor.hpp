// Keeps secret values that we know out of texts that others wrote: an application's log, an Engine's or a registry's words.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "deploy/error.hpp"
#include "deploy/secret.hpp"

namespace deploy {

/// What is shorter cannot be told from ordinary text: a word of three letters would be cut out everywhere.
inline constexpr std::size_t kShortestRedacted = 4;

/// Thread-safe.
class Redactor {
 public:
  ~Redactor();

  /// From now on the value, and each line of it, becomes "[redacted]".
  void learn(const Secret& secret);
  [[nodiscard]] std::string redact(std::string text) const;
  [[nodiscard]] Error redact(const Error& error) const;

 private:
  struct LongerFirst {
    bool operator()(const std::string& a, const std::string& b) const { return a.size() != b.size() ? a.size() > b.size() : a < b; }
  };

  mutable std::mutex mutex_;
  std::set<std::string, LongerFirst> known_;
};

}  // namespace deploy
