// The command line as a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl {

struct Arguments {
  // Global options
  std::string config = "deploy.json";
  std::string as;
  bool json = false, quiet = false, no_color = false;
  int verbose = 0;

  std::string command;  ///< "promote", "release add" ...; "" when none was recognised

  // What the commands take; each documents its own in arguments.cpp
  std::string release, environment, deployment, image, version, digest, comment, reason, sign, signed_text, signature, application, shell, file, head, rollback;
  std::int64_t build = 0;
  int lines = 100;
  bool allow_downgrade = false, no_quarantine = false, undo = false, follow = false, force = false, all = false, draft = false;
};

/// What came of parsing: go on with the command, or leave at once.
struct Parsed {
  Arguments arguments;
  bool leave = false;
  int exit = 0;
  std::string text;   ///< help, or the version; for standard output
  std::string error;  ///< what is wrong with the command line, and how to go on
};

[[nodiscard]] Parsed parse_arguments(int argc, const char *const *argv);

/// For completion: the commands below `path` ("" is the top), and the options that hold after it.
[[nodiscard]] std::vector<std::string> known_words(const std::string &path, bool options);

}  // namespace deployctl
