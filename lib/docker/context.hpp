// A build context as a tar stream.
#pragma once

#include <cstddef>
#include <memory>

#include "docker/context_files.hpp"

namespace deploy::docker {

/// Produces the archive as it is read: memory does not grow with the context. The same files give the same bytes: order by
/// name, owner 0:0, whole seconds; symbolic links are sent as links, hard links as separate files.
class ContextArchive {
 public:
  explicit ContextArchive(const ContextFiles& files);  ///< `files` outlives it
  ~ContextArchive();

  /// Fills the buffer; 0 at the end. Throws Error{io} that names the file which cannot be read or changed meanwhile.
  std::size_t read(char* buffer, std::size_t size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deploy::docker
