// One call of a port that the program supplied: what it may take, where its answer goes, and what its error becomes.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capi/handles.hpp"
#include "deploy/call.hpp"
#include "deploy/ports/engine.hpp"
#include "deploy/ports/ledger_store.hpp"

/// An answer that nobody asked for is refused: its destination is null.
struct deploy_call {
  std::int64_t timeout = DEPLOY_NONE;
  std::stop_token stop{};
  std::string *text = nullptr;
  std::function<void(std::string_view)> stream{};  // instead of `text`, where texts are passed on as they come
  std::vector<deploy::LedgerEntry> *entries = nullptr;
  std::vector<deploy::Lease> *leases = nullptr;
  std::vector<deploy::LedgerStore::Checkpoint> *checkpoints = nullptr;
  std::vector<deploy::EngineInfo> *engines = nullptr;
  std::vector<deploy::ImageInfo> *images = nullptr;
  std::vector<deploy::ContainerInfo> *containers = nullptr;
  std::function<void(const deploy::PullProgress &)> progress{};
  std::exception_ptr broken{};  // the first answer that could not be taken
};

namespace deploy::capi {

/// Throws what the program's function answered: its own error with code, area, message and details; without one, an error that says
/// which function (`name`: "engine.inspect") answered what. Then what could not be taken of its answer.
void conclude(const char *name, deploy_status status, deploy_error *error, const deploy_call *call = nullptr);

[[nodiscard]] inline deploy_call limited(const CallLimits &limits) {
  deploy_call call;
  call.timeout = limits.timeout.count();
  call.stop = limits.stop;
  return call;
}

[[nodiscard]] LedgerHead head_of(const deploy_ledger_head &given);

/// The one that was given; nullopt for none.
template <class Value>
[[nodiscard]] std::optional<Value> one(std::vector<Value> values) {
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

/// Calls `destroy` once, when the last adapter is gone.
class Owner {
 public:
  Owner() = default;
  Owner(void *user_data, void (*destroy)(void *)) noexcept : user_data_(user_data), destroy_(destroy) {}
  Owner(Owner &&other) noexcept : user_data_(other.user_data_), destroy_(std::exchange(other.destroy_, nullptr)) {}
  Owner &operator=(Owner &&) = delete;
  ~Owner() {
    if (destroy_) destroy_(user_data_);
  }

 private:
  void *user_data_ = nullptr;
  void (*destroy_)(void *) = nullptr;
};

}  // namespace deploy::capi
