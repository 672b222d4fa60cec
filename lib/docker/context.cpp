#include "docker/context.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include "deploy/error.hpp"
#include "support/unique_fd.hpp"

namespace deploy::docker {

namespace {
struct FreeArchive {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

[[noreturn]] void unreadable(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::io, "build", fmt::format("cannot send {} with the build context: {}", path, why), {{"file", path}});
}

la_ssize_t collect(archive*, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

Entry entry_for(const std::string& path, mode_t mode, std::int64_t size, std::time_t modified) {
  Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_mode(entry.get(), mode);
  archive_entry_set_size(entry.get(), size);
  archive_entry_set_mtime(entry.get(), modified, 0);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  return entry;
}

std::string link_target(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0) unreadable(path, std::strerror(errno));
  return {target.data(), static_cast<std::size_t>(size)};
}
}  // namespace

struct ContextArchive::State {
  explicit State(const ContextFiles& f) : files(f), tar(archive_write_new()) {
    archive_write_set_format_pax_restricted(tar.get());
    archive_write_add_filter_none(tar.get());
    // Names are bytes: no locale has a say in them.
    archive_write_set_options(tar.get(), "hdrcharset=BINARY");
    archive_write_set_bytes_per_block(tar.get(), 0);
    check(archive_write_open(tar.get(), &ready, nullptr, collect, nullptr));
  }

  void check(la_ssize_t result) const {
    if (result < ARCHIVE_OK) throw Error(ErrorCode::io, "build", fmt::format("cannot archive the build context: {}", archive_error_string(tar.get())));
  }
  void check_header(archive_entry* entry) const { check(archive_write_header(tar.get(), entry)); }

  void open_file(const std::string& path, const struct stat& seen);
  void next_path(const std::string& relative);
  void next_added(const AddedFile& added);
  void continue_file();
  void produce();

  const ContextFiles& files;
  std::string ready;  ///< archived, not yet read; outlives the archive, which may still write into it when freed
  std::unique_ptr<archive, FreeArchive> tar;
  std::size_t taken = 0;  ///< of `ready`
  std::size_t paths_done = 0, added_done = 0;
  UniqueFd file;
  std::string file_path;
  std::int64_t file_left = 0;
  bool ended = false;
};

// Opened without following a link that took the file's place since it was listed.
void ContextArchive::State::open_file(const std::string& path, const struct stat& seen) {
  file = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat now {};
  if (!file || ::fstat(file.get(), &now) != 0) unreadable(path, std::strerror(errno));
  if (now.st_ino != seen.st_ino || now.st_dev != seen.st_dev || now.st_size != seen.st_size) unreadable(path, "it changed while it was being sent");
  file_path = path;
  file_left = seen.st_size;
}

void ContextArchive::State::next_path(const std::string& relative) {
  const std::string path = files.root + "/" + relative;
  struct stat stat {};
  if (::lstat(path.c_str(), &stat) != 0) unreadable(path, std::strerror(errno));
  if (S_ISREG(stat.st_mode)) open_file(path, stat);
  const Entry entry = entry_for(S_ISDIR(stat.st_mode) ? relative + "/" : relative, stat.st_mode, S_ISREG(stat.st_mode) ? stat.st_size : 0, stat.st_mtim.tv_sec);
  if (S_ISLNK(stat.st_mode)) archive_entry_set_symlink(entry.get(), link_target(path).c_str());
  check_header(entry.get());
}

// Their time is always the same, since nobody modified them.
void ContextArchive::State::next_added(const AddedFile& added) {
  check_header(entry_for(added.path, S_IFREG | 0600, static_cast<std::int64_t>(added.content.size()), 0).get());
  check(archive_write_data(tar.get(), added.content.data(), added.content.size()));
}

void ContextArchive::State::continue_file() {
  std::array<char, 65536> buffer;
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::int64_t>(file_left, static_cast<std::int64_t>(buffer.size())));
  const ssize_t size = ::read(file.get(), buffer.data(), wanted);
  if (size < 0 && errno == EINTR) return;
  if (size < 0) unreadable(file_path, std::strerror(errno));
  if (size == 0) unreadable(file_path, "it became shorter while it was being sent");
  check(archive_write_data(tar.get(), buffer.data(), static_cast<std::size_t>(size)));
  file_left -= size;
}

void ContextArchive::State::produce() {
  if (file_left > 0) return continue_file();
  if (paths_done < files.paths.size()) return next_path(files.paths[paths_done++]);
  if (added_done < files.added.size()) return next_added(files.added[added_done++]);
  check(archive_write_close(tar.get()));
  ended = true;
}

ContextArchive::ContextArchive(const ContextFiles& files) : state_(std::make_unique<State>(files)) {}
ContextArchive::~ContextArchive() = default;

std::size_t ContextArchive::read(char* buffer, std::size_t size) {
  State& s = *state_;
  while (s.taken == s.ready.size() && !s.ended) {
    s.ready.clear();
    s.taken = 0;
    s.produce();
  }
  const std::size_t given = std::min(size, s.ready.size() - s.taken);
  std::memcpy(buffer, s.ready.data() + s.taken, given);
  s.taken += given;
  return given;
}

}  // namespace deploy::docker
