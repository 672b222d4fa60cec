#include "ssh/file_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "deploy/error.hpp"

namespace deploy::ssh {

namespace {
/// Piece by piece: the limit is far above what such a file has, and memory for it all would be touched.
std::string read_at_most(std::ifstream& file, std::size_t size) {
  constexpr std::size_t kPiece = 16 * 1024;
  std::string text;
  while (file && text.size() < size) {
    const std::size_t before = text.size(), wanted = std::min(kPiece, size - before);
    text.resize(before + wanted);
    file.read(text.data() + before, static_cast<std::streamsize>(wanted));
    text.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  return text;
}
}  // namespace

std::string read_known_hosts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text = read_at_most(file, kLargestKnownHosts + 1);
  if (text.size() > kLargestKnownHosts)
    throw Error(ErrorCode::io, "ssh", path + " is larger than " + std::to_string(kLargestKnownHosts) + " bytes, which no known_hosts file is", {{"known_hosts", path}});
  return text;
}

std::string read_key_file(const std::string& path) {
  const auto refuse = [&](const std::string& why) { throw Error(ErrorCode::unauthorized, "ssh", "the key file " + path + why, {{"identity", path}}); };
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(" cannot be read: " + std::string(std::strerror(errno)));
  std::string text = read_at_most(file, kLargestKeyFile + 1);
  if (text.size() > kLargestKeyFile) refuse(" is larger than " + std::to_string(kLargestKeyFile) + " bytes, which no key is");
  return text;
}

std::string read_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text = read_at_most(file, kLogPart);
  if (!file.seekg(0, std::ios::end)) return text;
  const auto size = static_cast<std::size_t>(file.tellg());
  const std::size_t from = std::max(text.size(), size - std::min(size, kLogPart));
  if (from > text.size()) text += '\n';  // what is cut off there is no line
  file.seekg(static_cast<std::streamoff>(from));
  return text + read_at_most(file, kLogPart);
}

}  // namespace deploy::ssh
