#include "help.hpp"

namespace deployctl {

namespace {

constexpr Help kHelp[] = {
    {"", "", R"(A first day:
  deployctl init                          write a commented deploy.json, then edit it
  deployctl doctor                        are hosts, keys and registry as they should be?
  deployctl run                           build, push, staging, probe; stops at the first gate that says no
  deployctl approve 1.0.1 --to production --as alice
  deployctl promote 1.0.1 --to production
  deployctl rollback production           back to the last version verified there

Exit codes: 0 as asked, 1 error, 2 wrong usage or configuration, 3 blocked by a gate, 4 failed and rolled back,
5 failed and a person is needed, 6 another run holds the environment, 130 cancelled. `plan`: 10 there are changes.)"},
    {"init", "Write a commented deploy.json that validates", R"(Examples:
  deployctl init
  deployctl -C ops/shop.json init --application shop)"},
    {"build", "Build the image once, push it, register the release", R"(Every tag of the configuration is added to the one image that was pushed; floating tags wait until it is verified.

Examples:
  deployctl build
  deployctl build --build 42
  deployctl build --rollback never        it migrates a schema: when it fails it is held, never undone by itself)"},
    {"release", "Register an image that something else built", "Example:\n  deployctl release add registry.example.com/shop:1.4.0 --version 1.4.0"},
    {"release add", "Register an image that something else built", R"(A tag is resolved to its digest now; from here on the digest is what moves.

Examples:
  deployctl release add registry.example.com/shop:1.4.0 --version 1.4.0
  deployctl release add registry.example.com/shop@sha256:4f1c... --version 1.4.0)"},
    {"releases", "List the registered releases, the newest first", "Example:\n  deployctl releases"},
    {"run", "Build, then every environment in order until a gate stops it", R"(What waits for approval is not lost: approve it, then promote it. Nothing is built twice.

Examples:
  deployctl run
  deployctl run --build 42 --json)"},
    {"promote", "Bring a release to one environment", R"(Ends as it should (0), blocked with nothing changed (3), rolled back and verified (4), or in need of a person (5).

Examples:
  deployctl promote --to staging          the newest release
  deployctl promote 1.0.42 --to production
  deployctl promote 42 --to production    by build number)"},
    {"plan", "Show gates and steps of a promotion; change nothing", R"(Exit code: 0 nothing to do, 10 there are changes, 3 blocked.

Example:
  deployctl plan 1.0.42 --to production)"},
    {"approve", "Consent to a release going to an environment", R"(The consent holds for this digest, this environment and its present policy, until it expires.
Where the configuration lists keys (approval.signatures) it counts only when it is signed.

Examples:
  deployctl approve 1.0.42 --to production
  deployctl approve 1.0.42 --to production --as alice --comment "tested the checkout by hand"
  deployctl approve 1.0.42 --to production --as alice --sign ~/.ssh/id_ed25519

Signed elsewhere, with ssh-keygen alone:
  deployctl approve 1.0.42 --to production --as alice --draft > approval.txt
  ssh-keygen -Y sign -n approval@libdeploy -f ~/.ssh/id_ed25519 approval.txt
  deployctl approve 1.0.42 --to production --as alice --signed-text approval.txt)"},
    {"deny", "Say no to a release going to an environment", R"(Nothing changes but the record: what is live stays live. Signed as an approval is where the configuration lists keys;
in an emergency `freeze ENV` needs no key.

Examples:
  deployctl deny 1.0.42 --to production --comment "prices are wrong"
  deployctl deny 1.0.42 --to production --as alice --sign ~/.ssh/id_ed25519)"},
    {"rollback", "Go back to the last verified version; no version needed", R"(What is left is quarantined, so that nobody promotes it again by mistake; --no-quarantine if it was fine.
A release marked `rollback: never` is not left or crossed without --force.

Examples:
  deployctl rollback production
  deployctl rollback production --to 1.0.37)"},
    {"resume", "Finish or undo what a crashed run left", R"(Without ENV: in every environment. Running it twice changes nothing more.

Examples:
  deployctl resume
  deployctl resume production --undo)"},
    {"status", "Show what is live, what waits, what can be gone back to", "Examples:\n  deployctl status\n  deployctl status production --json"},
    {"history", "List deployments, the newest first", "Examples:\n  deployctl history\n  deployctl history production"},
    {"show", "Show one deployment with its evidence", "Example:\n  deployctl show 3f2a9c"},
    {"logs", "Print what the live containers wrote", "Examples:\n  deployctl logs staging -n 20\n  deployctl logs production -f"},
    {"verify", "Compare the hosts with the ledger", R"(Finds another digest, other ports or variables, restarts, what is stopped, missing, or should not be there.
Exit code: 0 as recorded, 5 something differs.

Example:
  deployctl verify production)"},
    {"adopt", "Rebuild the ledger's knowledge from the hosts", R"(For a ledger that was lost: names and labels of the containers say what is live and what can be gone back to.
For a container of the configured name that something else started: its image says what it is. What is live is probed first.

Example:
  deployctl adopt production)"},
    {"doctor", "Check configuration, hosts, keys, registry; say what to mend", "Exit code: 0 all well (warnings included), 1 something has to be mended.\n\nExample:\n  deployctl doctor"},
    {"freeze", "Let nothing be promoted there until it is unfrozen", R"(Rollbacks stay possible. --all stops the line: every environment at once, until `unfreeze --all`.

Examples:
  deployctl freeze production --reason "sale until Monday"
  deployctl freeze --all --reason "the database is being moved")"},
    {"unfreeze", "Lift a freeze", "Examples:\n  deployctl unfreeze production\n  deployctl unfreeze --all"},
    {"quarantine", "Releases that failed", "Example:\n  deployctl quarantine lift sha256:4f1c... --reason \"the database was down, not the release\""},
    {"quarantine lift", "Let a digest that failed be deployed again",
     "Example:\n  deployctl quarantine lift sha256:4f1c... --reason \"the database was down, not the release\""},
    {"ledger", "The append-only record of everything", "Examples:\n  deployctl ledger verify\n  deployctl ledger head\n  deployctl ledger export > ledger.jsonl"},
    {"ledger verify", "Check the whole hash chain, of the ledger or of an export",
     R"(Names the first entry that was changed, dropped, reordered or inserted. That the end is missing shows only against a head that
was noted elsewhere. Exit code: 0 whole, 1 not.

Examples:
  deployctl ledger verify
  deployctl ledger verify --head 1204:9d7c...
  deployctl ledger verify ledger.jsonl --head 1204:9d7c...)"},
    {"ledger head", "Print the newest entry as SEQ:HASH", R"(Note it where nobody can reach it who can reach the ledger: the log of the CI, a ticket. `ledger verify --head` proves by it
that nothing was cut off and that history was not rewritten.

Example:
  deployctl ledger head)"},
    {"ledger export", "Write every entry as a line of JSON", "Example:\n  deployctl ledger export > ledger.jsonl"},
    {"completion", "Print a completion script for bash or zsh", R"(Examples:
  source <(deployctl completion bash)                     # in ~/.bashrc
  deployctl completion zsh > ~/.zfunc/_deployctl          # with fpath+=~/.zfunc before compinit)"},
};

}  // namespace

Help help_for(std::string_view path) {
  for (const Help &help : kHelp)
    if (help.path == path) return help;
  return {};
}

}  // namespace deployctl
