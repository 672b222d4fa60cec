#include "ssh/host_key_advice.hpp"

#include "ssh/shell_quote.hpp"

namespace deploy::ssh {

namespace {

Error::Details details(const Target& target, const std::string& file, const OfferedKey& offered) {
  return {{"host", to_string(target)}, {"known_hosts", file}, {"fingerprint", offered.fingerprint}, {"key_type", offered.type}};
}

std::string keyscan(const Target& target, const std::string& file) {
  std::vector<std::string> command{"ssh-keyscan"};
  if (target.port != 22) command.insert(command.end(), {"-p", std::to_string(target.port)});
  command.push_back(target.host);
  return shell_quote(command) + " >> " + shell_quote({file});
}

}  // namespace

Error host_key_unknown(const Target& target, const std::string& file, const OfferedKey& offered, bool only_authorities) {
  std::string message = to_string(target) + ": the host key is not in " + file + ". It offers " + offered.type + " " + offered.fingerprint +
                        ". Compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then: " + keyscan(target, file);
  if (only_authorities) message += ". (Its @cert-authority lines are not used by this client; \"ssh\": {\"client\": \"openssh\"} uses them.)";
  return Error(ErrorCode::host_key_unknown, "ssh", message, details(target, file, offered));
}

Error host_key_changed(const Target& target, const std::string& file, const OfferedKey& offered, std::size_t line, const std::string& recorded) {
  const std::string place = file + ":" + std::to_string(line);
  const std::string message = to_string(target) + ": THE HOST KEY HAS CHANGED. It offers " + offered.type + " " + offered.fingerprint + ", but " + place +
                              " records " + recorded + ". Somebody may be in between, or the host was set up anew. Nothing was sent. If the change is known to be right: " +
                              shell_quote({"ssh-keygen", "-R", known_hosts_name(target.host, target.port), "-f", file}) + " && " + keyscan(target, file);
  Error::Details more = details(target, file, offered);
  more["line"] = std::to_string(line);
  more["recorded"] = recorded;
  return Error(ErrorCode::host_key_changed, "ssh", message, std::move(more));
}

Error host_key_revoked(const Target& target, const std::string& file, const OfferedKey& offered, std::size_t line) {
  const std::string message = to_string(target) + ": the host offers a key that is marked @revoked in " + file + ":" + std::to_string(line) + " (" +
                              offered.type + " " + offered.fingerprint + "). Refused; the host needs a new key.";
  Error::Details more = details(target, file, offered);
  more["line"] = std::to_string(line);
  return Error(ErrorCode::host_key_changed, "ssh", message, std::move(more));
}

}  // namespace deploy::ssh
