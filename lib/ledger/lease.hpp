// The exclusive right to change an environment, kept alive while it is held.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "deploy/ports/clock.hpp"
#include "deploy/ports/ledger_store.hpp"

namespace deploy {

inline constexpr std::chrono::seconds kLeaseTtl{60};
inline constexpr std::chrono::seconds kLeaseRenewal{20};
/// After a renewal that failed (a busy or full disk) the next one comes sooner.
inline constexpr std::chrono::seconds kLeaseRetry{2};

/// The three times of a lease; only tests have others.
struct LeaseTiming {
  std::chrono::milliseconds ttl = kLeaseTtl, renewal = kLeaseRenewal, retry = kLeaseRetry;
};

enum class LeaseRenewal {
  background,  ///< by a thread of its own, which ends with the object
  on_request,  ///< by renew_if_due(): for virtual clocks
};

/// What is asked of a lease.
struct LeaseRequest {
  std::string environment;
  LeaseHolder holder;
  std::function<bool(const Lease&)> may_take_over;  ///< says that the holder is dead for certain; absent: never
  LeaseRenewal renewal = LeaseRenewal::background;
  LeaseTiming timing{};
};

/// Holds a lease from construction to destruction. The store and the clock outlive it. Thread-safe.
class HeldLease {
 public:
  /// Throws Error{lease_held} when somebody else holds it; details `environment`, `holder`, `machine`, `process`, `since`, `expires`.
  /// `on_loss` is asked to stop when the lease turns out to be lost: nothing may be acted upon any more.
  HeldLease(LedgerStore& store, Clock& clock, LeaseRequest request, std::stop_source on_loss);
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;
  /// Releases the lease, unless it was lost.
  ~HeldLease();

  /// To append under.
  [[nodiscard]] const LeaseClaim& claim() const noexcept { return claim_; }
  [[nodiscard]] bool lost() const noexcept { return lost_; }
  /// Why it was lost; "" while it is held.
  [[nodiscard]] std::string loss() const;
  /// Renews when it is time to; false when the lease is lost.
  bool renew_if_due();
  /// To be called just before an act. A process that slept past its lease's end (a stopped job, a suspended machine) finds out here
  /// whether somebody else acts by now, not by its next append. Throws Error{fenced} when the lease is lost.
  void check();
  /// Somebody found out that it is lost: from now on check() throws.
  void give_up(const std::string& why);

 private:
  void keep(const std::stop_token& stop);
  [[nodiscard]] bool is_over(std::chrono::milliseconds now) const;
  void renew();
  void renewal_failed(const std::string& why);
  void lose(const std::string& why);

  LedgerStore& store_;
  Clock& clock_;
  std::stop_source on_loss_;
  LeaseTiming timing_;
  LeaseClaim claim_;
  mutable std::mutex mutex_;  // guards the four below
  std::chrono::milliseconds renewed_{}, due_{};
  TimePoint expires_{};       // as others see it: elapsed() stands still while a machine is suspended
  std::string loss_;
  std::atomic<bool> lost_ = false;
  std::jthread keeper_;  // last: it ends before what it uses
};

}  // namespace deploy
