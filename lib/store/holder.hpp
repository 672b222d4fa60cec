// Who we are to other holders of leases, and whether another one is dead for certain.
#pragma once

#include <string>

#include "deploy/ports/ledger_store.hpp"

namespace deploy {

/// This process. `machine` is "host name/machine id/boot id/process namespace": machine ids are copied with disk images and
/// shared by containers, where the host name tells them apart; a pid means something within its namespace only.
[[nodiscard]] LeaseHolder current_holder(const std::string& actor);

/// True when the holder's process surely is no more: the same machine has booted since, or in the same process namespace the
/// pid is gone, a zombie, or another process by now. False for other machines and whenever in doubt.
[[nodiscard]] bool holder_is_dead(const LeaseHolder& holder);
[[nodiscard]] inline bool holder_is_dead(const Lease& lease) { return holder_is_dead(lease.holder); }

}  // namespace deploy
