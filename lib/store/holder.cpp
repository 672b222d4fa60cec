#include "store/holder.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

namespace deploy {

namespace {
std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string process_namespace() {
  std::error_code error;
  const auto target = std::filesystem::read_symlink("/proc/self/ns/pid", error);
  return error ? "unknown" : target.string();
}

struct Machine {
  std::string identity, boot, process_namespace;
};

Machine this_machine() {
  return {host_name() + "/" + first_line("/etc/machine-id"), first_line("/proc/sys/kernel/random/boot_id"), process_namespace()};
}

/// The parts of LeaseHolder::machine; nullopt when somebody else's naming is used there.
std::optional<Machine> split(const std::string& machine) {
  std::vector<std::string> parts;
  std::istringstream in(machine);
  for (std::string part; std::getline(in, part, '/');) parts.push_back(part);
  if (parts.size() != 4) return std::nullopt;
  return Machine{parts[0] + "/" + parts[1], parts[2], parts[3]};
}

/// What /proc/PID/stat says, from its third field on: the second is the program's name, which may hold anything.
std::vector<std::string> process_fields(std::int64_t pid) {
  const std::string line = first_line("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = line.rfind(')');
  std::vector<std::string> fields;
  if (name_end == std::string::npos) return fields;
  std::istringstream in(line.substr(name_end + 1));
  for (std::string field; in >> field;) fields.push_back(field);
  return fields;
}
constexpr std::size_t kState = 0, kThreads = 17, kStart = 19;  // proc(5) fields 3, 20 and 22

std::string process_start(std::int64_t pid) {
  const auto fields = process_fields(pid);
  return fields.size() > kStart ? fields[kStart] : "";
}

bool process_is_gone(const LeaseHolder& holder) {
  if (::kill(static_cast<pid_t>(holder.process), 0) != 0 && errno == ESRCH) return true;
  const auto fields = process_fields(holder.process);
  if (fields.size() <= kStart) return false;  // it exists, but /proc hides it from us
  const bool zombie = (fields[kState] == "Z" || fields[kState] == "X") && (fields[kThreads] == "0" || fields[kThreads] == "1");
  return zombie || fields[kStart] != holder.process_start;
}
}  // namespace

LeaseHolder current_holder(const std::string& actor) {
  const Machine machine = this_machine();
  LeaseHolder holder;
  holder.actor = actor;
  holder.machine = machine.identity + "/" + machine.boot + "/" + machine.process_namespace;
  holder.process = ::getpid();
  holder.process_start = process_start(holder.process);
  return holder;
}

bool holder_is_dead(const LeaseHolder& holder) {
  const Machine here = this_machine();
  const auto there = split(holder.machine);
  if (!there || there->identity != here.identity || here.boot.empty() || there->boot.empty()) return false;
  if (there->boot != here.boot) return true;
  if (there->process_namespace != here.process_namespace || here.process_namespace == "unknown") return false;
  return holder.process > 0 && !holder.process_start.empty() && process_is_gone(holder);
}

}  // namespace deploy
