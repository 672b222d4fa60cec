#include "ssh/shell_quote.hpp"

#include "deploy/error.hpp"

namespace deploy::ssh {

namespace {

// Never special to a shell in any position but the first word's '=' (an assignment), which is why '=' is not here.
constexpr std::string_view kHarmless = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,@%+";

std::string quote(std::string_view word) {
  if (word.find('\0') != std::string_view::npos) throw Error(ErrorCode::invalid_argument, "ssh", "an argument with a NUL character in it");
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + "'";
}

}  // namespace

std::string shell_quote(const std::vector<std::string>& argv) {
  if (argv.empty()) throw Error(ErrorCode::invalid_argument, "ssh", "no program was named");
  std::string line;
  for (const std::string& word : argv) line += (line.empty() ? "" : " ") + quote(word);
  return line;
}

}  // namespace deploy::ssh
