#include "sshsig/ssh_keygen.hpp"

#include <fstream>
#include <sstream>

#include "deploy/error.hpp"
#include "support/one_line.hpp"
#include "support/private_folder.hpp"
#include "support/subprocess.hpp"

namespace deploy::sshsig {

namespace {
[[noreturn]] void not_signed(const std::string& key, const CommandResult& result) {
  std::string said = one_line(result.error);
  if (said.empty()) said = "nothing";
  throw Error(ErrorCode::unauthorized, "signature",
              "ssh-keygen did not sign with " + key + " (it says: " + said + "). Check that the key is there and that its passphrase can be asked for, or load it into an SSH agent and name its .pub file",
              {{"exit_code", std::to_string(result.exit_code)}, {"stderr", said}});
}
}  // namespace

std::string sign_by_ssh_keygen(const std::string& key, std::string_view name_space, std::string_view text, const CallLimits& limits) {
  const ssh::PrivateFolder folder;
  const std::string file = folder.path() + "/decision";  // not through standard input: that is where a passphrase is asked for
  std::ofstream(file, std::ios::binary) << text;
  Command command;
  command.argv = {"ssh-keygen", "-Y", "sign", "-f", key, "-n", std::string(name_space), file};
  command.at_terminal = true;
  const CommandResult result = run_command(command, limits);
  if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "signature", "signing was stopped on request");  // Ctrl-C reaches ssh-keygen as well
  std::ifstream signature(file + ".sig", std::ios::binary);
  if (result.exit_code != 0 || !signature) not_signed(key, result);
  std::ostringstream armored;
  armored << signature.rdbuf();
  return armored.str();
}

}  // namespace deploy::sshsig
