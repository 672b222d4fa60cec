// What goes wrong, and when: rules over the calls that processes make through their ports.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "deploy/error.hpp"

namespace deploy::simulation {

/// Thrown through the code under test where its process dies. Not a std::exception: nobody may handle it on the way.
struct SimulatedCrash {
  std::string process, at;
};

/// One call of one port by one process.
struct PortCall {
  std::string port{};     ///< engine, registry, prober, builder, source, store
  std::string host{};     ///< Host::url(); "" where none is asked
  std::string method{};   ///< stop, append ...
  std::string subject{};  ///< what it is done to: a container's name, an image, a tag, an entry's kind
  bool mutating = false;
  bool direct = false;    ///< goes to the host's services without its tunnel: a cut does not stop it
  std::string process{};
  std::int64_t number = 0;  ///< 1, 2, 3 ... over all calls of the simulation

  [[nodiscard]] std::string str() const;  ///< "ssh://a stop myapp-prod", "store append step_intended"
};

/// What happens to a call. With `after` it takes its effect first.
struct Fault {
  enum class Kind { none, fail, crash, hang };
  Kind kind = Kind::none;
  bool after = false;
  ErrorCode code = ErrorCode::connection_lost;

  static Fault fail(ErrorCode code) { return {Kind::fail, false, code}; }
  static Fault fail_after(ErrorCode code = ErrorCode::connection_lost) { return {Kind::fail, true, code}; }
  static Fault crash_before() { return {Kind::crash, false, {}}; }
  static Fault crash_after() { return {Kind::crash, true, {}}; }
  /// The call's timeout passes, then Error{timeout}.
  static Fault hang() { return {Kind::hang, false, ErrorCode::timeout}; }
  static Fault hang_after() { return {Kind::hang, true, ErrorCode::timeout}; }
};

/// Applies to calls that agree in every field that is not empty.
struct FaultRule {
  std::string process{}, port{}, host{}, method{};
  std::string subject{};       ///< a part of the call's subject
  bool mutating_only = false;
  std::int64_t number = 0;     ///< this call alone (PortCall::number)
  int skip = 0;                ///< so many matching calls pass first
  int times = 1;               ///< how many calls it hits; kAlways
  Fault fault{};

  static constexpr int kAlways = -1;
};

/// Decides on every call, and keeps the log of all of them. Thread-safe.
class FaultPlan {
 public:
  void add(FaultRule rule);
  void clear();  ///< rules, cuts and the hook; the log stays
  /// Asked before the rules; an answer other than none decides. Set it before the first call.
  void on_call(std::function<Fault(const PortCall&)> hook);

  /// No process reaches this host any more, nor its services through its tunnel.
  void cut(const std::string& host);
  void mend(const std::string& host);
  [[nodiscard]] bool is_cut(const std::string& host) const;

  /// Numbers and logs the call, and says what happens to it.
  [[nodiscard]] Fault decide(PortCall& call);

  [[nodiscard]] std::vector<PortCall> calls() const;
  [[nodiscard]] std::int64_t count() const;
  /// The log as text, oldest first: of one host ("" is all), of mutating calls alone or of all.
  [[nodiscard]] std::vector<std::string> log(const std::string& host = "", bool mutating_only = false) const;
  void forget_calls();  ///< empties the log; numbers go on
  void keep_log(bool keep);  ///< false: calls are counted only

 private:
  [[nodiscard]] Fault first_match(const PortCall& call);

  mutable std::mutex mutex_;
  std::function<Fault(const PortCall&)> hook_;
  std::vector<FaultRule> rules_;
  std::set<std::string> cut_;
  std::vector<PortCall> calls_;
  std::int64_t count_ = 0;
  bool keep_log_ = true;
};

}  // namespace deploy::simulation
