#include "ssh/openssh_command.hpp"

#include <algorithm>
#include <charconv>

#include "ssh/host_key_advice.hpp"
#include "ssh/shell_quote.hpp"
#include "support/one_line.hpp"

namespace deploy::ssh {

namespace {

constexpr std::size_t kShownBytes = 300;
constexpr std::size_t kMostMessages = 4096;  ///< of what ssh and the host said

using Arguments = std::vector<std::string>;

void add(Arguments& to, std::initializer_list<std::string> more) { to.insert(to.end(), more); }
void set(Arguments& to, const std::string& option) { add(to, {"-o", option}); }

/// ssh expands %tokens and ${variables} in paths, splits lists at white space, and gives quotes and backslashes a meaning.
std::string literal_path(const std::string& path) {
  const bool plain = std::none_of(path.begin(), path.end(), [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!plain || path.find("${") != std::string::npos)
    throw Error(ErrorCode::invalid_argument, "ssh",
                "the path " + one_line(path, kShownBytes) + " cannot be told to the ssh program: it would read a quote, a backslash, a control character or ${ "
                "in it as something else; move the file, or use \"client\": \"libssh2\"", {{"path", path}});
  std::string out = "\"";
  for (const char c : path) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out + "\"";
}

long whole_seconds(std::chrono::milliseconds time) { return std::max<long>(1, static_cast<long>((time.count() + 999) / 1000)); }

Arguments common(const Options& options, const std::string& log, const char* log_level) {
  Arguments argv{options.ssh_program};
  if (!options.ssh_config.empty()) add(argv, {"-F", options.ssh_config});
  add(argv, {"-T", "-a", "-x", "-E", log});
  for (const char* option : {"BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "PermitLocalCommand=no",
                             "ClearAllForwardings=yes", "ControlPersist=no", "RemoteCommand=none"})
    set(argv, option);
  set(argv, std::string("LogLevel=") + log_level);
  return argv;
}

void add_connection(Arguments& argv, const Options& options, const std::string& agent_socket) {
  set(argv, "ConnectTimeout=" + std::to_string(whole_seconds(options.connect_timeout)));
  set(argv, "ServerAliveInterval=" + std::to_string(whole_seconds(options.keepalive)));
  set(argv, "ServerAliveCountMax=" + std::to_string(std::max<long>(1, whole_seconds(options.stall_timeout) / whole_seconds(options.keepalive))));
  if (!options.known_hosts.empty()) {
    set(argv, "UserKnownHostsFile=" + literal_path(options.known_hosts));
    set(argv, "GlobalKnownHostsFile=/dev/null");
  }
  if (!options.identity.empty()) {
    set(argv, "IdentityFile=" + literal_path(options.identity));
    set(argv, "IdentitiesOnly=yes");
  }
  const std::string& agent = agent_socket.empty() ? options.agent_socket : agent_socket;
  if (!agent_socket.empty() || (options.use_agent && !agent.empty())) set(argv, "IdentityAgent=" + literal_path(agent));
  else if (!options.use_agent) set(argv, "IdentityAgent=none");
}

void add_target(Arguments& argv, const Target& target) {
  if (target.host.starts_with('-') || target.user.starts_with('-'))
    throw Error(ErrorCode::invalid_argument, "ssh", "a host or user name cannot begin with '-': " + to_string(target));
  if (target.port != 22) add(argv, {"-p", std::to_string(target.port)});
  if (!target.user.empty()) add(argv, {"-l", target.user});
  add(argv, {"--", target.host});
}

/// -J would not hand our options on to the jump's own ssh.
std::string jump_command(const Options& options, const OpensshFiles& files, const std::string& agent_socket) {
  Arguments argv = common(options, files.jump_log(), "DEBUG1");
  add_connection(argv, options, agent_socket);
  add(argv, {"-o", "ControlMaster=no", "-o", "ControlPath=none", "-W", "%h:%p"});
  add_target(argv, *options.jump);
  std::string line = shell_quote(argv);
  std::string escaped;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool ours = line.compare(i, 5, "%h:%p") == 0;
    escaped += ours ? "[%h]:%p" : line[i] == '%' ? "%%" : std::string(1, line[i]);
    if (ours) i += 4;
  }
  return escaped;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// What stands between `before` and the next of `stops`.
std::string after(std::string_view text, std::string_view before, std::string_view stops) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = text.substr(at + before.size());
  return std::string(rest.substr(0, rest.find_first_of(stops)));
}

std::size_t number_of(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

OfferedKey offered_key(std::string_view log) {
  const std::string both = one_line(after(log, "Server host key: ", "\r\n"), kShownBytes);
  return {both.substr(0, both.find(' ')), both.substr(std::min(both.find(' ') + 1, both.size()))};
}

Error changed_error(std::string_view log, const Target& target, const std::string& file, const std::vector<KnownHost>& entries) {
  const std::string place = after(log, " key in " + file + ":", "\r\n");
  const std::size_t line = number_of(place);
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const KnownHost& one) { return one.line == line; });
  return host_key_changed(target, file, offered_key(log), line, entry == entries.end() ? "another key" : fingerprint(entry->key));
}

Error revoked_error(std::string_view log, const Target& target, const std::string& file, const std::vector<KnownHost>& entries) {
  const OfferedKey offered = offered_key(log);
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const KnownHost& one) {
    return one.mark == KnownHost::Mark::revoked && fingerprint(one.key) == offered.fingerprint;
  });
  return host_key_revoked(target, file, offered, entry == entries.end() ? 0 : entry->line);
}

ErrorCode code_of(std::string_view messages) {
  if (has(messages, "Permission denied") || has(messages, "Too many authentication failures")) return ErrorCode::unauthorized;
  if (has(messages, "Unable to negotiate") || has(messages, "Bad configuration option")) return ErrorCode::unsupported;
  return ErrorCode::unreachable;
}

}  // namespace

std::vector<std::string> master_command(const Target& target, const Options& options, const OpensshFiles& files, const std::string& agent_socket) {
  Arguments argv = common(options, files.master_log(), "DEBUG1");
  add_connection(argv, options, agent_socket);
  if (options.jump) set(argv, "ProxyCommand=" + jump_command(options, files, agent_socket));
  add(argv, {"-o", "ControlMaster=yes", "-o", "ControlPath=" + literal_path(files.control())});
  add_target(argv, target);
  argv.push_back("cat");
  return argv;
}

std::vector<std::string> stream_command(const Target& target, const Options& options, const OpensshFiles& files, const StreamRequest& request,
                                        const std::string& log) {
  Arguments argv = common(options, log, "DEBUG2");
  // Without the master there is no connection at all, rather than one by other rules.
  add(argv, {"-o", "ControlMaster=no", "-o", "ControlPath=" + literal_path(files.control()), "-o", "ProxyCommand=false"});
  if (request.kind == StreamRequest::Kind::tcp) add(argv, {"-W", "[" + request.host + "]:" + std::to_string(request.port)});
  add_target(argv, target);
  if (request.kind == StreamRequest::Kind::exec) argv.push_back(request.command);
  return argv;
}

std::string last_open_failure(std::string_view master_log) {
  constexpr std::string_view kMark = ": open failed: ";
  const std::size_t at = master_log.rfind(kMark);
  return at == std::string_view::npos ? "" : one_line(after(master_log.substr(at), kMark, "\r\n"), kShownBytes);
}

std::string plain_messages(std::string_view log) {
  std::string out;
  while (!log.empty() && out.size() < kMostMessages) {
    const std::size_t end = std::min(log.find('\n'), log.size());
    std::string_view line = log.substr(0, end);
    log.remove_prefix(std::min(end + 1, log.size()));
    while (line.ends_with('\r')) line.remove_suffix(1);
    const bool noise = line.empty() || line.starts_with("debug") || line.starts_with("OpenSSH_") || line.starts_with("@@") ||
                       line.starts_with("Transferred:") || line.starts_with("Bytes per second") || line.starts_with("Authenticated to");
    if (!noise) out.append(out.empty() ? "" : "; ").append(one_line(line, kShownBytes));
  }
  return out;
}

Error connect_error(std::string_view log, const Target& target, const std::string& file, const std::vector<KnownHost>& entries) {
  if (has(log, "REVOKED HOST KEY")) return revoked_error(log, target, file, entries);
  if (has(log, "HOST IDENTIFICATION HAS CHANGED")) return changed_error(log, target, file, entries);
  if (has(log, " host key is known for ")) return host_key_unknown(target, file, offered_key(log), false);
  const std::string messages = plain_messages(log);
  const ErrorCode code = code_of(messages);
  const std::string what = code == ErrorCode::unauthorized ? "no key was accepted for " + (target.user.empty() ? "the user" : "user " + target.user)
                                                           : std::string("no SSH session could be made");
  return Error(code, "ssh", to_string(target) + ": " + what + " (ssh says: " + (messages.empty() ? "nothing" : messages) + ")",
               {{"host", to_string(target)}, {"stderr", messages}});
}

StreamEnd stream_end(std::string_view log) {
  const std::string status = after(log, "Received exit status from master ", "\r\n");
  const std::string messages = plain_messages(log);
  if (!status.empty()) return {StreamEnd::Kind::exited, static_cast<int>(number_of(status) & 0xff), messages};
  if (has(log, "request failed: ") || !has(log, ": master session id: ")) return {StreamEnd::Kind::refused, 0, messages};
  return {StreamEnd::Kind::cut_off, 0, messages};
}

}  // namespace deploy::ssh
