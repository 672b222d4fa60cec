// Bodies of the Engine's answers, and its words in refusals.
#include "docker/connection.hpp"
#include "docker/errors.hpp"
#include "docker/responses.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
void try_container(std::string_view body) {
  const auto container = accepted([&] { return docker::responses::container(body); });
  if (!container) return;
  hold(!container->id.empty(), "a container has an id");
  for (const PortBinding& port : container->ports) hold(port.host_first != 0 && port.host_first == port.host_last, "a published port has a number");
}

void try_refusal(std::string_view body) {
  const std::string message = docker::responses::error_message(body);
  for (const int status : {200, 400, 401, 404, 409, 500})
    for (const auto operation : {docker::Operation::create, docker::Operation::start, docker::Operation::exec, docker::Operation::pull, docker::Operation::build})
      hold_presentable(docker::refusal({.what = "do it", .operation = operation, .registry = "docker.io"}, "unix:///x", status, message));
}
}  // namespace

void try_input(std::string_view input) {
  try_container(input);
  try_refusal(input);
  (void)accepted([&] { return docker::responses::version(input); });
  (void)accepted([&] { return docker::responses::data_root(input); });
  (void)accepted([&] { return docker::responses::has_terminal(input); });
  (void)accepted([&] { return docker::responses::container_ids(input); });
  (void)accepted([&] { return docker::responses::exec_exit_code(input); });
  (void)accepted([&] { return docker::negotiated_version(std::string(input)); });
  if (const auto id = accepted([&] { return docker::responses::created_id(input); })) hold(!id->empty(), "what was created has an id");
  if (const auto image = accepted([&] { return docker::responses::image(input); })) hold(image->id.starts_with("sha256:"), "an image's id is a digest");
}

}  // namespace deploy::fuzz
