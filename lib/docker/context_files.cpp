#include "docker/context_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "deploy/error.hpp"
#include "docker/dockerignore.hpp"
#include "support/hash.hpp"
#include "support/unique_fd.hpp"

namespace deploy::docker {

namespace fs = std::filesystem;

namespace {
constexpr std::size_t kLargestText = 4u << 20;  ///< of a Dockerfile or .dockerignore
constexpr std::string_view kIgnoreFile = ".dockerignore";

fs::path resolve(const fs::path& path, std::string_view what) {
  std::error_code error;
  fs::path out = fs::canonical(path, error);
  if (error)
    throw Error(error == std::errc::no_such_file_or_directory ? ErrorCode::not_found : ErrorCode::io, "build",
                fmt::format("the {} {} cannot be used: {}", what, path.string(), error.message()), {{"file", path.string()}});
  return out;
}

bool lies_within(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The rules beside the Dockerfile win over those of the context.
DockerIgnore rules_of(const fs::path& root, const fs::path& dockerfile) {
  for (const fs::path& file : {fs::path(dockerfile.string() + ".dockerignore"), root / kIgnoreFile})
    if (std::error_code error; fs::is_regular_file(file, error)) return DockerIgnore::parse(read_file(file.string(), kLargestText), file.string());
  return {};
}

class Walk {
 public:
  Walk(ContextFiles& out, const DockerIgnore& rules, std::vector<std::string> kept) : out_(out), rules_(rules), kept_(std::move(kept)) {}

  void folder(const std::string& relative, const DockerIgnore::Matched& matched) {
    for (const fs::directory_entry& entry : sorted(relative)) visit(entry, relative, matched);
  }

 private:
  [[nodiscard]] std::vector<fs::directory_entry> sorted(const std::string& relative) const {
    const fs::path path = fs::path(out_.root) / relative;
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) entries.push_back(*it);
    if (error) throw Error(ErrorCode::io, "build", fmt::format("cannot read the folder {}: {}", path.string(), error.message()), {{"file", path.string()}});
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path().filename().native() < b.path().filename().native(); });
    return entries;
  }

  void visit(const fs::directory_entry& entry, const std::string& parent, const DockerIgnore::Matched& matched) {
    const std::string path = (parent.empty() ? "" : parent + "/") + entry.path().filename().string();
    const fs::file_type type = entry.symlink_status().type();
    const DockerIgnore::Verdict verdict = rules_.decide(path, matched);
    const bool sent = !verdict.excluded || std::find(kept_.begin(), kept_.end(), path) != kept_.end();
    const bool sendable = type == fs::file_type::regular || type == fs::file_type::directory || type == fs::file_type::symlink;
    if (sent) (sendable ? out_.paths : out_.left_out).push_back(path);
    if (type == fs::file_type::directory && (sent || rules_.may_include_below(path) || leads_to_kept(path))) folder(path, verdict.matched);
  }

  [[nodiscard]] bool leads_to_kept(const std::string& path) const {
    return std::any_of(kept_.begin(), kept_.end(), [&](const std::string& kept) { return kept.starts_with(path + "/"); });
  }

  ContextFiles& out_;
  const DockerIgnore& rules_;
  std::vector<std::string> kept_;
};

// Named by its content, so that the same build is the same context. The Engine drops both files again, as the rules say.
void add_foreign_dockerfile(ContextFiles& out) {
  out.dockerfile = ".dockerfile." + sha256_hex(out.dockerfile_text).substr(0, 20);
  const auto own = std::find(out.paths.begin(), out.paths.end(), kIgnoreFile);
  std::string rules(kIgnoreFile);
  if (own != out.paths.end()) {
    rules = read_file(out.root + "/" + std::string(kIgnoreFile), kLargestText);
    out.paths.erase(own);
  }
  out.added = {{out.dockerfile, out.dockerfile_text}, {std::string(kIgnoreFile), rules + "\n" + out.dockerfile + "\n"}};
}
}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd)
    throw Error(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io, "build", fmt::format("cannot read {}: {}", path, std::strerror(errno)), {{"file", path}});
  std::string text;
  char buffer[16384];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(ErrorCode::io, "build", fmt::format("cannot read {}: {}", path, std::strerror(errno)), {{"file", path}});
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > limit) throw Error(ErrorCode::io, "build", fmt::format("{} is larger than {} bytes", path, limit), {{"file", path}});
  }
}

ContextFiles list_context(const BuildRequest& request) {
  const fs::path root = resolve(request.context, "build context");
  if (!fs::is_directory(root))
    throw Error(ErrorCode::invalid_argument, "build", fmt::format("the build context {} is no folder", root.string()), {{"file", root.string()}});
  const fs::path dockerfile = resolve(root / request.dockerfile, "Dockerfile");
  const bool inside = lies_within(dockerfile, root);
  ContextFiles out;
  out.root = root.string();
  out.dockerfile = inside ? dockerfile.lexically_relative(root).string() : "";
  out.dockerfile_text = read_file(dockerfile.string(), kLargestText);
  const DockerIgnore rules = rules_of(root, (root / request.dockerfile).lexically_normal());
  Walk(out, rules, {std::string(kIgnoreFile), out.dockerfile}).folder("", {});
  if (!inside) add_foreign_dockerfile(out);
  return out;
}

}  // namespace deploy::docker
