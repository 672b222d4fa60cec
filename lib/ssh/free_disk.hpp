// How much disk is left on a host, asked with `df`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ssh/transport.hpp"

namespace deploy::ssh {

/// Bytes available where `folder` is; -1 when the host does not say: no df there, a login that may not run it, a folder that cannot be seen.
/// Takes a few seconds at most. Throws {cancelled}.
[[nodiscard]] std::int64_t free_disk(Transport& transport, const std::string& folder, const CallLimits& limits);

/// The "Available" column of `df -Pk`, in bytes. Names of file systems and mount points may hold anything.
[[nodiscard]] std::optional<std::int64_t> read_df(std::string_view output);

}  // namespace deploy::ssh
