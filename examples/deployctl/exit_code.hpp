// How statuses become exit codes.
#pragma once

#include "deploy.h"

namespace deployctl {

enum Exit {
  kDone = 0,
  kError = 1,
  kUsage = 2,
  kBlocked = 3,
  kRolledBack = 4,
  kPersonNeeded = 5,
  kLeaseHeld = 6,
  kChanges = 10,  ///< of `plan`
  kCancelled = 130,
};

/// `area` is that of the error; "" when the call was carried out.
[[nodiscard]] int exit_code(deploy_status status, const char *area = "");

}  // namespace deployctl
