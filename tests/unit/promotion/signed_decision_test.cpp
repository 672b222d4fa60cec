#include <doctest/doctest.h>

#include "refusal.hpp"
#include "signed_world.hpp"
#include "support/json.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
std::string replaced(std::string text, const std::string& what, const std::string& by) { return text.replace(text.find(what), what.size(), by); }

void is(const Refused& refusal, const std::string& problem, const std::string& part) {
  CHECK(refusal.problem == problem);
  CHECK_MESSAGE(contains(refusal.message, part), refusal.message);
  CHECK_MESSAGE(contains(refusal.message, "Nothing was recorded"), refusal.message);
}
}  // namespace

TEST_CASE("a signed approval opens production, and the record names the key") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  const Decision done = w.approve("bob", w.bob, release);
  CHECK(done.key == w.bob.fingerprint());
  CHECK(done.key_type == "ssh-ed25519");
  const Deployment promoted = w.deployer("ci").promote(release, "production");
  CHECK(promoted.outcome == Outcome::succeeded);
  const std::string shown = to_json(w.deployer("ci").show(promoted.id));
  CHECK(contains(shown, R"("signed_by":{"bob":")" + w.bob.fingerprint()));
  CHECK(contains(shown, "1 of 1 signed approvals (by bob with " + w.bob.fingerprint()));
}

TEST_CASE("where signatures are wanted an unsigned approval or denial is refused, and a forged one counts for nothing") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  is(refused([&] { return w.deployer("bob").decide(release, "production"); }), "unsigned", "takes signed decisions only");
  is(refused([&] { return w.deployer("bob").decide(release, "production", {false, "", "", "", ""}); }), "unsigned", "deployctl freeze production");
  const Decision drafted = w.draft("bob", release);
  w.forge("approval_granted", "bob", R"({"digest":")" + release.digest.str() + R"(","policy_hash":")" + drafted.policy_hash + R"(","comment":"","version":"1.0.1"})");
  const Deployment done = w.deployer("ci").promote(release, "production");
  CHECK(done.outcome == Outcome::blocked);
  CHECK(contains(done.reasons.at(0), "0 of 1 signed approvals; may approve: bob, carol; the decision of bob does not count: it is not signed"));
}

TEST_CASE("whatever is wrong with a signature is told in its own words, and nothing is recorded") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  const std::string text = w.draft("bob", release).text;
  const std::string good = w.bob.sign(text);
  const SoftKey stranger;
  const auto record = [&](const std::string& said, const std::string& signature) { return refused([&] { return w.record("bob", release, said, signature); }); };
  is(record(text, w.bob.sign(text, {.name_space = "file"})), "wrong_namespace", "the namespace 'file'");
  is(record(text, stranger.sign(text)), "unknown_key", "not listed for bob or anybody");
  is(record(text, w.carol.sign(text)), "other_principal", "is not bob's; it is listed for carol");
  is(record(text, w.bob.sign(text + "x")), "altered", "was altered");
  is(record(replaced(text, "comment: \"\"", "comment: \"fine\""), good), "altered", "was altered");
  is(record(text, "no signature"), "malformed_signature", "this is no SSH signature");
  is(record(text, SoftKey("ssh-rsa", 1024).sign(text)), "unsupported_key", "1024 bits");
  w.revoke(w.bob.line());
  is(record(text, good), "key_revoked", "its key is revoked");
  w.revoke("");
  w.list("bob valid-before=\"20200101Z\" " + w.bob.line());
  is(record(text, good), "key_expired", "expired at 2020-01-01");
  w.list("bob namespaces=\"git\" " + w.bob.line());
  is(record(text, good), "key_not_for_this", "may not sign in the namespace");
  w.revoke("rubbish\n");
  is(record(text, good), "io", "line 1 is neither a public key");
  std::filesystem::remove(w.folder / "signers");
  w.revoke("");
  is(record(text, good), "io", "cannot be read");
  CHECK(w.gate(release).reason.find("does not count") == std::string::npos);
}

TEST_CASE("a signed text that is not for this decision is refused, and says for which it is") {
  SignedWorld w;
  const Release one = w.waiting("1.0.1"), two = w.waiting("1.0.2");
  const std::string text = w.draft("bob", one).text;
  const auto record = [&](const Release& release, const std::string& said, bool granted = true) { return refused([&] { return w.record("bob", release, said, w.bob.sign(said), granted); }); };
  is(record(two, text), "other_digest", "is for 1.0.1 (" + one.digest.str());
  is(record(one, text, false), "other_decision", "says 'approve', not 'deny'");
  is(record(one, replaced(text, "environment: production", "environment: staging")), "other_environment", "is for staging, not production");
  is(record(one, replaced(text, "application: myapp", "application: other")), "other_application", "the application other");
  is(refused([&] { return w.record("carol", one, text, w.bob.sign(text)); }), "other_principal", "is bob's, and 'carol' acts");
  is(record(one, replaced(text, "creator: builder", "creator: nobody")), "altered", "says that nobody made the release");
  is(record(one, replaced(text, "replaces: nothing", "replaces: 0.9.0 sha256:aa")), "outdated", "draft it anew");
  w.config.environments.back().container.env["MODE"] = std::string("debug");
  is(record(one, text), "other_policy", "the configuration has changed");
}

TEST_CASE("a signed text is good for once, for as long as it says, and never for longer than the policy allows") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  const auto record = [&](const std::string& said) { return refused([&] { return w.record("bob", release, said, w.bob.sign(said)); }); };
  const Decision drafted = w.draft("bob", release);
  const std::string expires = "expires: " + to_rfc3339(*drafted.expires), issued = "issued: " + to_rfc3339(drafted.issued);
  is(record(replaced(drafted.text, expires, "expires: " + to_rfc3339(*drafted.expires + 1h))), "altered", "holds longer than approval.expires (24h)");
  is(record(replaced(drafted.text, expires, "expires: never")), "altered", "how long it holds");
  is(record(replaced(replaced(drafted.text, expires, "expires: " + to_rfc3339(*drafted.expires + 2h)), issued, "issued: " + to_rfc3339(drafted.issued + 2h))), "not_yet_valid", "yet to come");
  const std::string brief = replaced(drafted.text, expires, "expires: " + to_rfc3339(drafted.issued + 1h));
  CHECK(w.record("bob", release, brief, w.bob.sign(brief)).expires == drafted.issued + 1h);
  is(record(brief), "replayed", "was used before");
  is(record(drafted.text), "replayed", "its nonce is in the ledger");
  CHECK(w.gate(release).allowed);
  w.clock.sleep(61min, {});
  const GateAnswer later = w.gate(release);
  CHECK_FALSE(later.allowed);
  CHECK_MESSAGE(contains(later.reason, "the decision of bob does not count: it expired at"), later.reason);
  const Decision old = w.draft("bob", release);
  w.clock.sleep(25h, {});
  is(record(old.text), "expired", "the signed text expired at");
}

TEST_CASE("keys are asked again at promotion: one that was taken away, revoked or has expired since voids the approval") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  const Decision approved = w.approve("bob", w.bob, release);
  CHECK(w.gate(release).allowed);
  const auto blocked = [&](const char* why) {
    const Deployment done = w.deployer("ci").promote(release, "production");
    CHECK(done.outcome == Outcome::blocked);
    CHECK_MESSAGE(contains(done.reasons.at(0), std::string("the decision of bob does not count: ") + why), done.reasons.at(0));
    CHECK(w.changes("production").empty());
  };
  w.list("carol " + w.carol.line());
  blocked("its key is not listed for bob or anybody");
  w.list("carol " + w.bob.line());
  blocked("its key is not bob's; it is listed for carol");
  w.list("bob valid-before=\"20200101Z\" " + w.bob.line());
  blocked("its key expired at");
  w.list("bob " + w.bob.line());
  w.revoke(w.bob.fingerprint());
  blocked("its key is revoked");
  w.revoke("what is this");
  blocked("its signature cannot be verified: " );
  w.revoke("");
  CHECK(w.deployer("ci").promote(release, "production").outcome == Outcome::succeeded);
}

TEST_CASE("a denial wins, is signed, and stands though its key has gone; only its author lifts it") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  w.deny("bob", w.bob, release);
  w.approve("carol", w.carol, release);
  CHECK(contains(w.gate(release).reason, "denied by bob with " + w.bob.fingerprint()));
  w.revoke(w.bob.line());
  CHECK(contains(w.gate(release).reason, "denied by bob"));
  w.list("carol " + w.carol.line());
  CHECK_FALSE(w.gate(release).allowed);
  w.revoke("");
  const SoftKey next;
  w.list("bob " + next.line() + "\ncarol " + w.carol.line());
  w.approve("bob", next, release);
  CHECK(w.gate(release).allowed);
}

TEST_CASE("what a stolen key withdrew comes back when the key is revoked") {
  SignedWorld w;
  const SoftKey stolen;
  w.list("bob " + w.bob.line() + "\nbob " + stolen.line() + "\ncarol " + w.carol.line());
  const Release release = w.waiting("1.0.1");
  w.deny("bob", w.bob, release);
  w.approve("bob", stolen, release);
  CHECK(w.gate(release).allowed);
  w.revoke(stolen.line());
  CHECK(contains(w.gate(release).reason, "denied by bob"));
}

TEST_CASE("two approvals are of two people with two keys") {
  SignedWorld w(2);
  const SoftKey second;
  w.list("bob " + w.bob.line() + "\nbob,carol " + second.line() + "\ncarol " + w.carol.line());
  const Release release = w.waiting("1.0.1");
  w.approve("bob", w.bob, release);
  w.approve("bob", second, release);
  CHECK(contains(w.gate(release).reason, "1 of 2 signed approvals"));
  w.approve("carol", second, release);
  CHECK(contains(w.gate(release).reason, "the decision of carol does not count: it is signed with the key of bob: one key is one approval"));
  w.approve("carol", w.carol, release);
  CHECK(w.gate(release).allowed);
  CHECK(w.gate(release).signed_by == std::map<std::string, std::string>{{"bob", second.fingerprint()}, {"carol", w.carol.fingerprint()}});
}

TEST_CASE("who asks for a promotion does not count as its approver, however signed") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  w.approve("bob", w.bob, release);
  const Deployment own = w.deployer("bob").promote(release, "production");
  CHECK(own.outcome == Outcome::blocked);
  CHECK(contains(own.reasons.at(0), "who made the release or asks for its promotion may not approve it"));
  CHECK(w.deployer("ci").promote(release, "production").outcome == Outcome::succeeded);
}

TEST_CASE("an entry that was put into the ledger by hand counts only if its author signed that very decision, once") {
  SignedWorld w;
  const Release one = w.waiting("1.0.1"), two = w.waiting("1.0.2");
  const Decision good = w.approve("bob", w.bob, one);
  const auto entry = [&](const std::string& digest, const std::string& text, const std::string& signature) {
    return json::Object().add("digest", digest).add("policy_hash", good.policy_hash).add("expires", to_rfc3339(*good.expires)).add("text", text).add("signature", signature).str();
  };
  w.forge("approval_granted", "bob", entry(two.digest.str(), good.text, good.signature));
  CHECK(contains(w.gate(two).reason, "its signed text was used before"));
  const std::string for_staging = replaced(w.draft("bob", two).text, "environment: production", "environment: staging");
  w.forge("approval_granted", "bob", entry(two.digest.str(), for_staging, w.bob.sign(for_staging)));
  CHECK(contains(w.gate(two).reason, "it is signed for staging"));
  const std::string for_one = w.draft("bob", one).text;
  w.forge("approval_granted", "bob", entry(two.digest.str(), for_one, w.bob.sign(for_one)));
  CHECK(contains(w.gate(two).reason, "it is signed for " + one.digest.str()));
  const std::string carols = w.draft("carol", two).text;
  w.forge("approval_granted", "bob", entry(two.digest.str(), carols, w.carol.sign(carols)));
  CHECK(contains(w.gate(two).reason, "it is signed for carol"));
  const std::string denial = w.draft("bob", two, false).text;
  w.forge("approval_granted", "bob", entry(two.digest.str(), denial, w.bob.sign(denial)));
  CHECK(contains(w.gate(two).reason, "it is signed for the contrary"));
  CHECK(w.gate(one).allowed);
  CHECK(w.deployer("ci").promote(two, "production").outcome == Outcome::blocked);
}

TEST_CASE("status tells of each release that waits who signed, and what does not count") {
  SignedWorld w(2);
  const Release release = w.waiting("1.0.1");
  w.approve("bob", w.bob, release);
  const EnvironmentStatus before = w.deployer("ci").status("production");
  REQUIRE(before.pending.size() == 1);
  CHECK(before.pending[0].signatures_required);
  CHECK(before.pending[0].signed_by.at("bob") == w.bob.fingerprint());
  w.list("carol " + w.carol.line());
  const std::string after = to_json(w.deployer("ci").status("production"));
  CHECK_MESSAGE(contains(after, R"("not_counted":["the decision of bob does not count: its key is not listed for bob or anybody"])"), after);
}

TEST_CASE("what belongs together is given together, and a signature without a list of keys says nothing") {
  SignedWorld w;
  const Release release = w.waiting("1.0.1");
  const Decision drafted = w.draft("bob", release, true, "fine");
  const std::string signature = w.bob.sign(drafted.text);
  auto bob = w.deployer("bob");
  CHECK(contains(refused([&] { return bob.decide(release, "production", {true, "", "", drafted.text, ""}); }).message, "belong together"));
  CHECK(contains(refused([&] { return bob.decide(release, "production", {true, "", "", "", signature}); }).message, "belong together"));
  CHECK(contains(refused([&] { return bob.decide(release, "production", {true, "", "key", drafted.text, signature}); }).message, "belong together"));
  CHECK(contains(refused([&] { return bob.decide(release, "production", {true, "other", "", drafted.text, signature}); }).message, "the comment is part of the signed text"));
  CHECK(bob.decide(release, "production", {true, "fine", "", drafted.text, signature}).comment == "fine");
  w.config.environments.back().approval->allowed_signers.clear();
  CHECK(contains(refused([&] { return w.approve("carol", w.carol, release); }).message, "has no list of keys"));
  CHECK(w.deployer("carol").decide(release, "production").key.empty());
}

TEST_CASE("doctor says which approver could not sign, and which lines of the lists say nothing") {
  SignedWorld w;
  w.list("bob " + w.bob.line() + "\ncarol valid-before=\"20200101Z\" " + w.carol.line() + "\ndora rubbish\n* cert-authority " + w.carol.line() + "\n");
  const auto said = [&] {
    std::string all;
    for (const DoctorCheck& check : w.deployer("ci").doctor())
      if (check.name == "approval") all += std::string(to_string(check.level)) + ": " + check.message + "\n";
    return all;
  };
  const std::string found = said();
  CHECK_MESSAGE(contains(found, "warning: carol has no key that may sign now\n"), found);
  CHECK_MESSAGE(contains(found, "warning: line 3 of " + (w.folder / "signers").string() + " says nothing: it names no key\n"), found);
  CHECK_MESSAGE(contains(found, "warning: line 4 of " + (w.folder / "signers").string() + " is a cert-authority"), found);
  CHECK_FALSE(contains(found, "bob has no key"));
  w.revoke("rubbish");
  CHECK(contains(said(), "failure: " + (w.folder / "revoked").string() + ": line 1 is neither"));
}
