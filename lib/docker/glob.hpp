// One pattern of a .dockerignore file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deploy::docker {

/// Matches whole slash-separated paths. `*` and `?` stop at a slash; `**/` is any number of folders, none included; `**` at
/// the end is everything; `[a-z]` and `[^a-z]` are classes; a backslash takes the next character's meaning away.
/// Source: Docker's documentation of .dockerignore; where it is silent, moby/patternmatcher's behaviour.
/// Time is bounded by pattern length times path length, whatever the pattern.
class Glob {
 public:
  /// Throws Error{invalid_argument}: an unclosed or empty class, a backslash at the end.
  explicit Glob(std::string_view pattern);
  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  enum class Kind { literal, any_character, any_in_folder, any_folders, anything, one_of };
  struct Range {
    char32_t first, last;
  };
  struct Token {
    Kind kind = Kind::literal;
    std::string text{};           ///< of a literal
    std::vector<Range> ranges{};  ///< of a class
    bool negated = false;
  };
  using Reached = std::vector<bool>;

  std::size_t read_stars(std::string_view pattern, std::size_t at);
  std::size_t read_class(std::string_view pattern, std::size_t at);
  void add_literal(char c);
  [[nodiscard]] static Reached step(const Token& token, const Reached& from, std::string_view path);
  [[nodiscard]] static bool in_class(const Token& token, char32_t c);

  std::vector<Token> tokens_;
};

}  // namespace deploy::docker
