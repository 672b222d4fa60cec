// Engine API answers as values. Pure: bytes in, values out; whatever the bytes are, the worst is Error{protocol}.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/ports/engine.hpp"

namespace deploy::docker::responses {

[[nodiscard]] EngineInfo version(std::string_view body);
/// DockerRootDir of /info, "" when it is not told.
[[nodiscard]] std::string data_root(std::string_view body);

[[nodiscard]] ImageInfo image(std::string_view body);
/// The list of images; labels are not told there.
[[nodiscard]] std::vector<ImageInfo> images(std::string_view body);
/// Image id -> how many containers of the list were made from it.
[[nodiscard]] std::map<std::string, std::int64_t> image_uses(std::string_view body);
[[nodiscard]] ContainerInfo container(std::string_view body);
/// Config.Tty of a container's description.
[[nodiscard]] bool has_terminal(std::string_view body);
[[nodiscard]] std::vector<std::string> container_ids(std::string_view body);

/// `Id` of a freshly created container or exec.
[[nodiscard]] std::string created_id(std::string_view body);
/// nullopt while the command still runs.
[[nodiscard]] std::optional<int> exec_exit_code(std::string_view body);

/// The Engine's message of an error answer: `message` (Docker and podman), else `cause`, else the body itself (old
/// Engines answer some errors in plain text). One bounded line.
[[nodiscard]] std::string error_message(std::string_view body);

}  // namespace deploy::docker::responses
