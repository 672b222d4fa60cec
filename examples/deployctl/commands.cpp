#include "commands.hpp"

namespace deployctl {

Command find_command(std::string_view name) {
  struct Entry {
    std::string_view name;
    Command run;
  };
  static constexpr Entry kCommands[] = {
      {"init", command_init},
      {"build", command_build},
      {"release add", command_release_add},
      {"releases", command_releases},
      {"run", command_run},
      {"promote", command_promote},
      {"plan", command_plan},
      {"rollback", command_rollback},
      {"resume", command_resume},
      {"approve", command_approve},
      {"deny", command_deny},
      {"freeze", command_freeze},
      {"unfreeze", command_unfreeze},
      {"quarantine lift", command_quarantine_lift},
      {"status", command_status},
      {"history", command_history},
      {"show", command_show},
      {"doctor", command_doctor},
      {"logs", command_logs},
      {"verify", command_verify},
      {"adopt", command_adopt},
      {"ledger verify", command_ledger_verify},
      {"ledger head", command_ledger_head},
      {"ledger export", command_ledger_export},
      {"completion", command_completion},
  };
  for (const Entry &entry : kCommands)
    if (entry.name == name) return entry.run;
  return nullptr;
}

}  // namespace deployctl
