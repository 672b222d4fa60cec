// Which files make up a build context.
#pragma once

#include <string>
#include <vector>

#include "deploy/ports/image_builder.hpp"

namespace deploy::docker {

/// A file that is made up instead of read from the disk.
struct AddedFile {
  std::string path;
  std::string content;
};

struct ContextFiles {
  std::string root;                   ///< absolute, symbolic links resolved
  std::vector<std::string> paths;     ///< relative, sorted within each folder, a folder before its content
  std::vector<std::string> left_out;  ///< sockets, devices and FIFOs: they cannot be sent
  std::vector<AddedFile> added;       ///< the Dockerfile from elsewhere, and a .dockerignore that hides it again
  std::string dockerfile;             ///< its path inside the context
  std::string dockerfile_text;
};

/// Applies `<Dockerfile>.dockerignore`, else `.dockerignore`. The Dockerfile and .dockerignore are always sent: the Engine
/// needs them, and drops them itself where the rules say so. A Dockerfile outside the context travels under another name.
/// Throws Error{not_found} when there is no context or Dockerfile, {io} on what cannot be read, {invalid_argument} on a bad rule.
[[nodiscard]] ContextFiles list_context(const BuildRequest& request);

/// Throws Error{io}, or {not_found} when there is no such file.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t limit);

}  // namespace deploy::docker
