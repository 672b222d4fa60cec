// Engine API requests as values: a step becomes method, path and body. Pure; paths carry no version prefix yet.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/image.hpp"
#include "deploy/ports/engine.hpp"
#include "deploy/ports/image_builder.hpp"
#include "http/client.hpp"
#include "support/credentials.hpp"

namespace deploy::docker {

/// The value of X-Registry-Auth; `{}` for anonymous, since the Engine refuses a push without the header.
[[nodiscard]] std::string registry_auth(const std::optional<Credential>& credential, const std::string& registry_host);

/// The value of X-Registry-Config: logins for the registries of a build's base images.
[[nodiscard]] std::string registry_config(const std::map<std::string, Credential>& by_registry);

/// The reference by which the Engine knows what was pulled: `name@digest`, else `name:tag`.
/// Throws Error{invalid_argument} when there is neither (the Engine would pull every tag).
[[nodiscard]] std::string pinned(const ImageReference& image);

namespace requests {

[[nodiscard]] http::Request ping();
[[nodiscard]] http::Request version();
[[nodiscard]] http::Request info();

[[nodiscard]] http::Request pull(const ImageReference& image, const std::string& auth);
[[nodiscard]] http::Request inspect_image(const std::string& reference);
[[nodiscard]] http::Request list_images(const ImageReference& repository);
/// Every container's line of the list, without inspecting any.
[[nodiscard]] http::Request list_briefly();
[[nodiscard]] http::Request remove_image(const std::string& reference);
[[nodiscard]] http::Request tag_image(const std::string& image_id, const ImageReference& reference);
[[nodiscard]] http::Request push(const ImageReference& reference, const std::string& auth);
/// Without its body, the context; `registry_config` is the value of X-Registry-Config.
[[nodiscard]] http::Request build(const BuildRequest& request, const std::string& dockerfile_in_context, const std::string& registry_config);

[[nodiscard]] http::Request create(const ContainerRequest& request);
[[nodiscard]] http::Request inspect_network(const std::string& network);
[[nodiscard]] http::Request connect_network(const std::string& network, const std::string& id);
[[nodiscard]] http::Request start(const std::string& id);
[[nodiscard]] http::Request stop(const std::string& id, std::chrono::milliseconds grace);
[[nodiscard]] http::Request rename(const std::string& id, const std::string& name);
[[nodiscard]] http::Request set_restart_policy(const std::string& id, const std::string& policy);
[[nodiscard]] http::Request remove(const std::string& id);
[[nodiscard]] http::Request inspect(const std::string& id_or_name);
[[nodiscard]] http::Request list(const std::map<std::string, std::string>& labels);
[[nodiscard]] http::Request list_publishing(const std::vector<PortBinding>& ports);
/// A negative number of lines asks for all.
[[nodiscard]] http::Request logs(const std::string& id, int lines, bool follow);

[[nodiscard]] http::Request create_exec(const std::string& id, const std::vector<std::string>& command);
[[nodiscard]] http::Request start_exec(const std::string& exec_id);
[[nodiscard]] http::Request inspect_exec(const std::string& exec_id);

}  // namespace requests
}  // namespace deploy::docker
