// One function per command. Each returns the exit code and fills session.result; what cannot be carried out is thrown.
#pragma once

#include <string_view>

#include "session.hpp"

namespace deployctl {

using Command = int (*)(Session &);
/// nullptr for a name that is no command.
[[nodiscard]] Command find_command(std::string_view name);

// commands_release.cpp
int command_init(Session &session);
int command_build(Session &session);
int command_release_add(Session &session);
int command_releases(Session &session);
// commands_promote.cpp
int command_run(Session &session);
int command_promote(Session &session);
int command_plan(Session &session);
int command_rollback(Session &session);
int command_resume(Session &session);
// commands_approve.cpp
int command_approve(Session &session);
int command_deny(Session &session);
// commands_decide.cpp
int command_freeze(Session &session);
int command_unfreeze(Session &session);
int command_quarantine_lift(Session &session);
// commands_ask.cpp
int command_status(Session &session);
int command_history(Session &session);
int command_show(Session &session);
int command_doctor(Session &session);
// commands_hosts.cpp
int command_logs(Session &session);
int command_verify(Session &session);
int command_adopt(Session &session);
// commands_ledger.cpp
int command_ledger_verify(Session &session);
int command_ledger_head(Session &session);
int command_ledger_export(Session &session);
// completion.cpp
int command_completion(Session &session);
/// `deployctl __complete WORD...`: candidates for the last word, one per line.
int complete(int count, const char *const *words);

}  // namespace deployctl
