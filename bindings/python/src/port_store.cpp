// A ledger store that is written in Python.
#include "ports.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

namespace {

class PythonStore final : public LedgerStore {
 public:
  PythonStore(Held object, std::shared_ptr<Session> session) : object_(std::move(object)), session_(std::move(session)) {}

  LedgerHead head() override {
    return session_->port("ledger_store.head", [&] { return from_python<LedgerHead>(object_->attr("head")(), {"ledger_store.head", "result"}); });
  }

  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override {
    return session_->port("ledger_store.read",
                          [&] { return from_python<std::vector<LedgerEntry>>(object_->attr("read")(after, limit), {"ledger_store.read", "result"}); });
  }

  AppendResult append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) override {
    return session_->port("ledger_store.append", [&] {
      const py::object answer = object_->attr("append")(to_python(expected), to_python(claim), to_python(entries));
      return AppendResult{status_of(answer.attr("status")), from_python<LedgerHead>(answer.attr("head"), {"AppendResult", "head"})};
    });
  }

  std::optional<Lease> acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                               const std::function<bool(const Lease&)>& may_take_over) override {
    return session_->port("ledger_store.acquire", [&] {
      const py::cpp_function asked([&](const py::object& lease) { return may_take_over(from_python<Lease>(lease, {"may_take_over", "lease"})); });
      return from_python<std::optional<Lease>>(object_->attr("acquire")(name, to_python(holder), to_python(ttl), to_python(now), asked),
                                               {"ledger_store.acquire", "result"});
    });
  }

  bool renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) override {
    return session_->port("ledger_store.renew", [&] {
      return from_python<bool>(object_->attr("renew")(to_python(claim), to_python(ttl), to_python(now)), {"ledger_store.renew", "result"});
    });
  }

  void release(const LeaseClaim& claim) override {
    session_->port("ledger_store.release", [&] { object_->attr("release")(to_python(claim)); });
  }

  std::optional<Lease> lease(const std::string& name) override {
    return session_->port("ledger_store.lease", [&] { return from_python<std::optional<Lease>>(object_->attr("lease")(name), {"ledger_store.lease", "result"}); });
  }

  std::optional<Checkpoint> checkpoint() override {
    return session_->port("ledger_store.checkpoint",
                          [&] { return from_python<std::optional<Checkpoint>>(object_->attr("checkpoint")(), {"ledger_store.checkpoint", "result"}); });
  }

  void save_checkpoint(const Checkpoint& checkpoint) override {
    session_->port("ledger_store.save_checkpoint", [&] { object_->attr("save_checkpoint")(to_python(checkpoint)); });
  }

 private:
  static AppendStatus status_of(const py::object& given) {
    const Where where{"AppendResult", "status"};
    const std::string word = text_from_python(given, where);
    if (word == "done") return AppendStatus::done;
    if (word == "conflict") return AppendStatus::conflict;
    if (word == "fenced") return AppendStatus::fenced;
    fail_value(where, "'" + word + "' is no AppendStatus");
  }

  Held object_;
  std::shared_ptr<Session> session_;
};

}  // namespace

std::unique_ptr<LedgerStore> make_python_store(Held object, std::shared_ptr<Session> session) {
  return std::make_unique<PythonStore>(std::move(object), std::move(session));
}

}  // namespace deploy::python
