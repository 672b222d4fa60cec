#include "ssh/transport.hpp"

namespace deploy::ssh {

std::string to_string(const Target& target) {
  std::string text = "ssh://";
  if (!target.user.empty()) text += target.user + "@";
  text += target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]";
  if (target.port != 22) text += ":" + std::to_string(target.port);
  return text;
}

}  // namespace deploy::ssh
