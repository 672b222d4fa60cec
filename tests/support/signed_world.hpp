// A world in which production takes signed decisions only: two approvers with keys of their own, and the files that list them.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "deploy/error.hpp"
#include "ledger/journal.hpp"
#include "soft_key.hpp"
#include "support/hash.hpp"
#include "world.hpp"

namespace deploy::test {

struct SignedWorld : World {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("signers-" + random_hex(8));
  SoftKey bob, carol;

  explicit SignedWorld(int required = 1) {
    std::filesystem::create_directories(folder);
    list("bob " + bob.line() + "\ncarol " + carol.line() + "\n");
    revoke("");
    ApprovalPolicy policy;
    policy.approvers = {"bob", "carol"};
    policy.required = required;
    policy.allowed_signers = (folder / "signers").string();
    policy.revoked_keys = (folder / "revoked").string();
    config.environments.back().approval = policy;
  }
  ~SignedWorld() { std::filesystem::remove_all(folder); }
  SignedWorld(const SignedWorld&) = delete;
  SignedWorld& operator=(const SignedWorld&) = delete;

  void list(const std::string& text) const { std::ofstream(folder / "signers") << text; }
  void revoke(const std::string& text) const { std::ofstream(folder / "revoked") << text; }

  /// A release that staging has verified, waiting for production.
  Release waiting(const std::string& version) {
    const Release release = ship(version);
    if (deployer("ci").promote(release, "staging").outcome != Outcome::succeeded) throw std::runtime_error("staging did not take " + version);
    return release;
  }
  Decision draft(const std::string& who, const Release& release, bool granted = true, const std::string& comment = "") {
    return deployer(who).draft_decision(release, "production", {granted, comment, "", "", ""});
  }
  Decision record(const std::string& who, const Release& release, const std::string& text, const std::string& signature, bool granted = true) {
    return deployer(who).decide(release, "production", {granted, "", "", text, signature});
  }
  /// Draft, sign, record, as it should be.
  Decision approve(const std::string& who, const SoftKey& key, const Release& release) {
    const Decision drafted = draft(who, release);
    return record(who, release, drafted.text, key.sign(drafted.text));
  }
  Decision deny(const std::string& who, const SoftKey& key, const Release& release) {
    const Decision drafted = draft(who, release, false);
    return record(who, release, drafted.text, key.sign(drafted.text), false);
  }
  /// The approval gate's reason, and whether it allows.
  GateAnswer gate(const Release& release, const std::string& who = "ci") {
    for (const GateAnswer& answer : deployer(who).plan(release, "production").gates)
      if (answer.gate == "approval") return answer;
    throw std::runtime_error("no gate of that name");
  }
  /// An entry as somebody with a hand in the ledger would write it: kind, actor and data as given, the chain in order.
  void forge(const std::string& kind, const std::string& actor, const std::string& data) {
    Journal(store, clock, actor).append({kind, "production", "", data});
  }
};

/// {problem, message} of a refused decision.
struct Refused {
  std::string problem, message;
};
template <class Call>
Refused refused(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    const auto problem = error.details().find("problem");
    return {problem == error.details().end() ? std::string(to_string(error.code())) : problem->second, error.what()};
  }
  return {"(accepted)", ""};
}

}  // namespace deploy::test
