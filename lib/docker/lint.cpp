#include "docker/lint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "support/one_line.hpp"
#include "support/unique_fd.hpp"

namespace deploy::docker {

namespace {
std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool ends_with_one_of(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

// `.env.example` and the like are made to be shared.
bool is_env_file(std::string_view name) {
  return (name == ".env" || name.starts_with(".env.")) && !ends_with_one_of(name, {".example", ".sample", ".template", ".dist"});
}

bool is_login_file(std::string_view name) { return is_one_of(name, {".netrc", ".pgpass", ".git-credentials", ".dockercfg"}); }

bool is_key_name(std::string_view name) {
  return is_one_of(name, {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk"}) || ends_with_one_of(name, {".pem", ".p12", ".pfx", ".ppk"});
}

// What cannot be read now is reported when it is sent.
std::string head_of(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat stat {};
  if (!fd || ::fstat(fd.get(), &stat) != 0 || !S_ISREG(stat.st_mode)) return "";
  std::string text(std::min<std::size_t>(kLintedBytes, static_cast<std::size_t>(stat.st_size)), '\0');
  const ssize_t size = ::read(fd.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

bool holds_private_key(std::string_view text) {
  for (std::size_t at = text.find("-----BEGIN "); at != std::string_view::npos; at = text.find("-----BEGIN ", at + 1)) {
    const std::string_view line = text.substr(at, std::min<std::size_t>(80, text.find('\n', at) - at));
    if (contains(line, "PRIVATE KEY")) return true;
  }
  return false;
}

// A .pem of certificates alone is public.
bool holds_only_public(std::string_view text) { return contains(text, "-----BEGIN CERTIFICATE-----") || contains(text, "-----BEGIN PUBLIC KEY-----"); }

std::string finding(const std::string& path, const std::string& text) {
  const std::string_view name = base_name(path);
  const std::string shown = one_line(path, 300);
  const std::string advice = fmt::format("add `{}` to .dockerignore, or it can end up in the image", shown);
  if (holds_private_key(text)) return fmt::format("{} contains a private key: {}", shown, advice);
  if (is_key_name(name) && !holds_only_public(text)) return fmt::format("{} looks like a private key: {}", shown, advice);
  if (is_env_file(name)) return fmt::format("{} holds environment variables, often secrets: {}", shown, advice);
  if (is_login_file(name)) return fmt::format("{} holds logins: {}", shown, advice);
  return "";
}

// The folder (or, in a worktree, file) named `.git` that the path is or lies in; "" when none.
std::string git_part(const std::string& path) {
  const std::string framed = "/" + path + "/";
  const std::size_t at = framed.find("/.git/");
  return at == std::string::npos ? "" : path.substr(0, at + 4);
}
}  // namespace

std::vector<std::string> lint_context(const ContextFiles& files) {
  std::vector<std::string> out;
  std::set<std::string> repositories;
  for (const std::string& path : files.paths) {
    if (const std::string git = git_part(path); !git.empty()) {
      repositories.insert(git);
      continue;
    }
    if (std::string text = finding(path, head_of(files.root + "/" + path)); !text.empty()) out.push_back(std::move(text));
  }
  for (const std::string& path : repositories)
    out.push_back(fmt::format("{0} would be sent: the whole history, and credentials that stand in its config; add `{0}` to .dockerignore", one_line(path, 300)));
  for (const std::string& path : files.left_out) out.push_back(fmt::format("{} is a socket, device or FIFO and cannot be sent: it is left out", one_line(path, 300)));
  return out;
}

}  // namespace deploy::docker
