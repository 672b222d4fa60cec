#include "exit_code.hpp"

#include <string_view>

namespace deployctl {

int exit_code(deploy_status status, const char *area) {
  switch (status) {
    case DEPLOY_OK: return kDone;
    case DEPLOY_ROLLED_BACK: return kRolledBack;
    case DEPLOY_HELD:
    case DEPLOY_STRANDED: return kPersonNeeded;
    case DEPLOY_BLOCKED: return kBlocked;
    case DEPLOY_CANCELLED:
    case DEPLOY_CALL_CANCELLED: return kCancelled;
    case DEPLOY_INVALID_ARGUMENT:
    case DEPLOY_INVALID_CONFIG: return kUsage;
    case DEPLOY_NOT_FOUND: return std::string_view(area) == "config" ? kUsage : kError;  // an environment that is not configured
    case DEPLOY_LEASE_HELD:
    case DEPLOY_FENCED: return kLeaseHeld;
    default: return kError;
  }
}

}  // namespace deployctl
