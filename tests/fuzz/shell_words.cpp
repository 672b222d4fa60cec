// Words for a login shell, and what the ssh program says back. One word a line; the second part is a log.
#include "ssh/shell_quote.hpp"

#include "ssh/openssh_command.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
constexpr std::string_view kActedUpon = "|&;<>()$`\"*?[]#~={}!\t\n\r";

/// As a POSIX shell takes a line apart, as far as it may have to: blanks, single quotes, backslashes. Anything that a
/// shell would act upon outside of quotes is a finding.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\'') quoted = !quoted;
    else if (quoted) out.back() += c;
    else if (c == '\\') hold(i + 1 < line.size(), "a backslash takes a character"), out.back() += line[++i];
    else if (c == ' ') out.emplace_back();
    else hold(kActedUpon.find(c) == std::string_view::npos, "nothing that a shell acts upon stands outside of quotes"), out.back() += c;
  }
  hold(!quoted, "every quote is closed");
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n')) {
    out.emplace_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  out.emplace_back(text);
  return out;
}

void try_log(std::string_view log) {
  hold_presentable(ssh::connect_error(log, {"deploy", "192.0.2.10", 22}, "/home/x/.ssh/known_hosts", {}));
  const ssh::StreamEnd end = ssh::stream_end(log);
  hold(end.kind != ssh::StreamEnd::Kind::exited || (end.exit_code >= 0 && end.exit_code <= 255), "an exit code is one byte");
  (void)ssh::last_open_failure(log);
  (void)ssh::plain_messages(log);
}
}  // namespace

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const std::vector<std::string> argv = lines_of(part(parts, 0));
  (void)refusal([&] { hold(words_of(ssh::shell_quote(argv)) == argv, "every argument arrives as it is"); });
  try_log(part(parts, 1));
}

}  // namespace deploy::fuzz
