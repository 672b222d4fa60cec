#include "config/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "config/paths.hpp"
#include "deploy/error.hpp"
#include "support/one_line.hpp"
#include "support/subprocess.hpp"
#include "support/unique_fd.hpp"

namespace deploy {

namespace {
[[noreturn]] void fail(ErrorCode code, const std::string& message, Error::Details details = {}) {
  throw Error(code, "config", message, std::move(details));
}

Secret without_newline(const Secret& raw) {
  std::string_view text = raw.reveal();
  if (text.ends_with('\n')) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  return Secret(std::string(text));
}

Secret checked(Secret secret, const SecretSource& source) {
  const auto refuse = [&](std::string_view why) { fail(ErrorCode::invalid_argument, fmt::format("the secret from {} {}", describe(source), why)); };
  if (secret.empty()) refuse("is empty");
  if (secret.reveal().size() > kLongestSecret) refuse(fmt::format("is larger than {} bytes", kLongestSecret));
  if (secret.reveal().find('\0') != std::string::npos) refuse("holds a NUL byte");
  return secret;
}

Secret from_env(const SecretFromEnv& source) {
  const char* value = std::getenv(source.name.c_str());
  if (value == nullptr)
    fail(ErrorCode::not_found, fmt::format("the environment variable {}, which is to hold a secret, is not set", source.name), {{"env", source.name}});
  return Secret(value);
}

[[noreturn]] void cannot_read(const std::string& path, int code) {
  fail(code == ENOENT ? ErrorCode::not_found : ErrorCode::io,
       fmt::format("the file {}, which is to hold a secret, cannot be read: {}", path, std::generic_category().message(code)), {{"path", path}});
}

// One byte beyond the limit is read, so that the check sees that there is too much.
std::string read_all(int fd, const std::string& path) {
  std::string buffer(kLongestSecret + 3, '\0');
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t count = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) cannot_read(path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  buffer.resize(size);
  return buffer;
}

Secret from_file(const SecretFromFile& source, const std::string& directory) {
  const std::string path = config::absolute_path(source.path, directory);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) cannot_read(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) cannot_read(path, errno);
  if (S_ISDIR(status.st_mode)) cannot_read(path, EISDIR);
  return without_newline(Secret(read_all(fd.get(), path)));
}

/// What a failed command said, less what it may have printed of the secret.
std::string complaint_of(const CommandResult& result, const Secret& output) {
  const std::string error = one_line(result.error);
  constexpr std::size_t kTellingLength = 4;
  const bool repeats = output.reveal().size() >= kTellingLength && error.find(output.reveal()) != std::string::npos;
  return repeats ? "[redacted: it repeats its output]" : error;
}

Secret from_command(const SecretFromCommand& source, const std::string& directory, const CallLimits& limits) {
  if (source.argv.empty()) fail(ErrorCode::invalid_argument, "the command that is to print a secret is empty");
  Command command;
  command.argv = source.argv;
  command.directory = directory;
  command.output_limit = kLongestSecret + 2;
  CommandResult result = run_command(command, limits);
  Secret output = without_newline(Secret(std::move(result.output)));
  if (result.exit_code == 0) return output;
  const std::string error = complaint_of(result, output);
  fail(ErrorCode::refused, fmt::format("the command {}, which is to print a secret, ended with {}{}", source.argv.front(), result.exit_code, error.empty() ? "" : ": " + error),
       {{"exit_code", std::to_string(result.exit_code)}, {"stderr", error}});
}

struct Resolve {
  const std::string& directory;
  const CallLimits& limits;
  Secret operator()(const SecretFromEnv& source) const { return from_env(source); }
  Secret operator()(const SecretFromFile& source) const { return from_file(source, directory); }
  Secret operator()(const SecretFromCommand& source) const { return from_command(source, directory, limits); }
};
}  // namespace

Secret resolve_secret(const SecretSource& source, const std::string& directory, const CallLimits& limits) {
  return checked(std::visit(Resolve{directory, limits}, source), source);
}

}  // namespace deploy
