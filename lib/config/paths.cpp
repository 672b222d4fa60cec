#include "config/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy::config {

namespace {
[[noreturn]] void fail(const std::string& message) { throw Error(ErrorCode::invalid_argument, "config", message); }

std::string home_directory() {
  std::vector<char> buffer(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  const int status = getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
  if (status != 0 || found == nullptr || found->pw_dir == nullptr || *found->pw_dir == '\0')
    fail("'~' cannot be expanded: the user " + std::to_string(getuid()) + " has no home in the user database; write the path out");
  return found->pw_dir;
}
}  // namespace

std::string absolute_path(std::string_view path, const std::string& directory) {
  if (path.empty()) fail("the path is empty");
  std::filesystem::path out(path);
  if (path.front() == '~') {
    if (path.size() > 1 && path[1] != '/') fail(text::quoted(path) + ": only one's own home is known as '~'; write the path out");
    out = std::filesystem::path(home_directory()) / path.substr(path.size() > 1 ? 2 : 1);
  } else if (out.is_relative()) {
    out = std::filesystem::path(directory) / out;
  }
  std::string text = out.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace deploy::config
