// approve, deny: show what is decided, have it signed, record it.
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "commands.hpp"
#include "exit_code.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

constexpr const char *kNamespace = "approval@libdeploy";

/// A signed text or a signature: a few hundred bytes; what is much longer is another file.
std::string read_file(const std::string &path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  std::array<char, 64 * 1024 + 1> bytes{};
  const std::size_t size = file ? std::fread(bytes.data(), 1, bytes.size(), file.get()) : 0;
  if (!file || std::ferror(file.get())) throw Failure{kError, "io", "cli", path + ": " + std::strerror(errno) + ". Nothing was recorded", {{"file", path}}};
  if (size == bytes.size()) throw Failure{kError, "io", "cli", path + " is too long for a text or a signature. Nothing was recorded", {{"file", path}}};
  return {bytes.data(), size};
}

deploy_decision_info facts(const Decision &decision) {
  deploy_decision_info info = DEPLOY_DECISION_INFO_INIT;
  deploy_decision_get_info(decision.get(), &info);
  return info;
}

/// All that the decision is bound to, and until when.
void show_decision(Session &session, const deploy_decision_info &info) {
  const auto line = [&](const char *name, const std::string &value) { session.screen.tell(std::string("  ") + name + std::string(12 - std::strlen(name), ' ') + value); };
  line("environment", info.environment);
  line("release", std::string(info.version) + "  " + info.digest);
  line("replaces", info.replaces_version ? std::string(info.replaces_version) + "  " + info.replaces_digest : "nothing: none is live there");
  line("made by", info.creator);
  line("policy", std::string(info.policy_hash).substr(0, 12));
  line("holds until", info.expires == DEPLOY_NONE ? std::string(info.approver) + " withdraws it" : when(info.expires));
  if (*info.comment) line("comment", info.comment);
  if (info.key) line("signed with", std::string(info.key_type) + " " + info.key);
}

void put_into_result(Session &session, const Decision &decision, const char *verb) {
  const auto info = facts(decision);
  session.result.add("release", info.version).add("actor", info.approver).add("decision", verb).splice(deploy_decision_to_json(decision.get()));
}

Decision draft(Session &session, const deploy_decision_options &options) {
  const Arguments &args = session.args;
  Decision decision;
  session.call([&](deploy_error **error) {
    return deploy_deployer_draft_decision(session.deployer(), args.release.c_str(), args.environment.c_str(), &options, decision.out(), error);
  });
  return decision;
}

/// The text goes to standard output alone, so that it can be redirected into the file that is signed.
int print_draft(Session &session, const deploy_decision_options &options) {
  const Decision decision = draft(session, options);
  const auto info = facts(decision);
  put_into_result(session, decision, "drafted");
  session.result.add("namespace", kNamespace);
  if (session.screen.json()) return kDone;
  session.screen.raw(info.text);
  if (session.screen.quiet()) return kDone;
  session.screen.complain(std::string("nothing is recorded yet. With this text in FILE:  ssh-keygen -Y sign -n ") + kNamespace + " -f KEY FILE", Tone::faint);
  session.screen.complain("then:  " + session.command_line(session.args.command + " " + shell_word(session.args.release) + " --to " + shell_word(session.args.environment) + " --as " +
                                                           shell_word(info.approver) + " --signed-text FILE"), Tone::faint);
  return kDone;
}

int decide(Session &session, bool deny) {
  const Arguments &args = session.args;
  deploy_decision_options options = DEPLOY_DECISION_OPTIONS_INIT;
  options.deny = deny ? 1 : 0;
  options.comment = or_null(args.comment);
  if (args.draft) return print_draft(session, options);
  if (!args.signed_text.empty() && !args.sign.empty()) throw wrong_usage("--sign makes a signature and --signed-text brings one: give one of them");
  if (!args.signature.empty() && args.signed_text.empty()) throw wrong_usage("--signature belongs to a text: name its file with --signed-text");
  std::string text, signature;
  if (!args.signed_text.empty()) {
    text = read_file(args.signed_text);
    signature = read_file(args.signature.empty() ? args.signed_text + ".sig" : args.signature);
  } else if (!args.sign.empty()) {  // people see what they sign before they are asked for the passphrase
    const Decision drafted = draft(session, options);
    session.screen.tell("signing as " + std::string(facts(drafted).approver) + " with " + args.sign + ":");
    show_decision(session, facts(drafted));
    text = facts(drafted).text;
    options.sign_with = args.sign.c_str();
  }
  options.signed_text = or_null(text);
  options.signature = or_null(signature);
  Decision decision;
  session.call([&](deploy_error **error) {
    return deploy_deployer_decide(session.deployer(), args.release.c_str(), args.environment.c_str(), &options, decision.out(), error);
  });
  if (args.sign.empty()) show_decision(session, facts(decision));
  put_into_result(session, decision, deny ? "denied" : "approved");
  return kDone;
}

}  // namespace

int command_approve(Session &session) {
  const int exit = decide(session, false);
  if (!session.args.draft)
    session.screen.tell("next: " + session.command_line("promote " + shell_word(session.args.release) + " --to " + shell_word(session.args.environment)));
  return exit;
}

int command_deny(Session &session) { return decide(session, true); }

}  // namespace deployctl
