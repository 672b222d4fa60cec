#include "docker/glob.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "support/one_line.hpp"

namespace deploy::docker {

namespace {
[[noreturn]] void bad(std::string_view pattern, std::string_view why) {
  throw Error(ErrorCode::invalid_argument, "build", fmt::format("the pattern '{}' has {}", one_line(pattern, 200), why));
}

struct Character {
  char32_t value = 0;
  std::size_t size = 1;
};

// File names need not be UTF-8: a byte that begins no sequence stands for itself.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (size == 1 || at + size > text.size()) return {lead, 1};
  char32_t value = lead & (0xFFu >> (size + 1));
  for (std::size_t i = at + 1; i < at + size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  return {value, size};
}
}  // namespace

Glob::Glob(std::string_view pattern) {
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '*') {
      at = read_stars(pattern, at);
    } else if (c == '?') {
      tokens_.push_back({.kind = Kind::any_character});
      ++at;
    } else if (c == '[') {
      at = read_class(pattern, at + 1);
    } else if (c == '\\') {
      if (at + 1 == pattern.size()) bad(pattern, "a backslash at its end");
      add_literal(pattern[at + 1]);
      at += 2;
    } else {
      add_literal(c);
      ++at;
    }
  }
}

void Glob::add_literal(char c) {
  if (tokens_.empty() || tokens_.back().kind != Kind::literal) tokens_.push_back({});
  tokens_.back().text += c;
}

// A leading `**` that is followed by plain text and no slash matches the end of any name: `**.md` means readme.md.
std::size_t Glob::read_stars(std::string_view pattern, std::size_t at) {
  if (pattern.substr(at, 2) != "**") {
    tokens_.push_back({.kind = Kind::any_in_folder});
    return at + 1;
  }
  const bool slash = pattern.substr(at + 2, 1) == "/";
  const std::size_t next = at + (slash ? 3 : 2);
  const bool ends_name = at == 0 && !slash && pattern.find_first_of("*?[\\", next) == std::string_view::npos;
  tokens_.push_back({.kind = next >= pattern.size() || ends_name ? Kind::anything : Kind::any_folders});
  return next;
}

std::size_t Glob::read_class(std::string_view pattern, std::size_t at) {
  Token token{.kind = Kind::one_of};
  if (pattern.substr(at, 1) == "^") token.negated = true, ++at;
  const auto read = [&] {
    if (at < pattern.size() && pattern[at] == '\\') ++at;
    if (at >= pattern.size()) bad(pattern, "a '[' without its ']'");
    const Character c = character_at(pattern, at);
    at += c.size;
    return c.value;
  };
  while (at < pattern.size() && pattern[at] != ']') {
    Range range{read(), 0};
    range.last = range.first;
    if (pattern.substr(at, 1) == "-" && pattern.substr(at + 1, 1) != "]") ++at, range.last = read();
    if (range.last < range.first) bad(pattern, "a range that runs backwards");
    token.ranges.push_back(range);
  }
  if (at >= pattern.size()) bad(pattern, "a '[' without its ']'");
  if (token.ranges.empty()) bad(pattern, "an empty '[]'");
  tokens_.push_back(std::move(token));
  return at + 1;
}

bool Glob::in_class(const Token& token, char32_t c) {
  const bool found = std::any_of(token.ranges.begin(), token.ranges.end(), [&](const Range& r) { return r.first <= c && c <= r.last; });
  return found != token.negated;
}

// From every position reached so far to every position that the token leads to.
Glob::Reached Glob::step(const Token& token, const Reached& from, std::string_view path) {
  Reached to(from.size(), false);
  bool begun = false;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool at_end = i == path.size();
    begun = begun || from[i];
    switch (token.kind) {
      case Kind::literal:
        if (from[i] && path.substr(i).starts_with(token.text)) to[i + token.text.size()] = true;
        break;
      case Kind::any_character:
        if (from[i] && !at_end && path[i] != '/') to[i + character_at(path, i).size] = true;
        break;
      case Kind::one_of:
        if (const Character c = at_end ? Character{} : character_at(path, i); from[i] && !at_end && in_class(token, c.value)) to[i + c.size] = true;
        break;
      case Kind::any_in_folder:
        if (from[i] || (i > 0 && to[i - 1] && path[i - 1] != '/')) to[i] = true;
        break;
      case Kind::any_folders:
        if (from[i] || (begun && i > 0 && path[i - 1] == '/')) to[i] = true;
        break;
      case Kind::anything:
        to[i] = begun;
        break;
    }
  }
  return to;
}

bool Glob::matches(std::string_view path) const {
  Reached reached(path.size() + 1, false);
  reached[0] = true;
  for (const Token& token : tokens_) reached = step(token, reached, path);
  return reached.back();
}

}  // namespace deploy::docker
