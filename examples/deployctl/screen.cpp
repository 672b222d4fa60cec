#include "screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "text.hpp"

namespace deployctl {

namespace {

bool dumb() {
  const char *term = std::getenv("TERM");
  return !term || std::string_view(term) == "dumb" || !*term;
}

std::size_t width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/// At most `columns` characters: a line that wraps could not be erased.
std::string cut(const std::string &line, std::size_t columns) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xc0) == 0x80) continue;  // inside a UTF-8 sequence
    if (shown++ == columns) return line.substr(0, i);
  }
  return line;
}

const char *escape(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::good: return "\x1b[32m";
    case Tone::bad: return "\x1b[31m";
    case Tone::warning: return "\x1b[33m";
    case Tone::faint: return "\x1b[2m";
  }
  return "";
}

}  // namespace

Screen::Screen(bool json, bool quiet, bool color)
    : json_(json),
      quiet_(quiet),
      live_(!json && !quiet && ::isatty(STDOUT_FILENO) == 1 && !dumb()),
      color_(color && ::isatty(STDOUT_FILENO) == 1 && !dumb()),
      color_errors_(color && ::isatty(STDERR_FILENO) == 1 && !dumb()) {}

Screen::~Screen() { block({}); }

std::string Screen::painted(std::string_view line, Tone tone, bool color) const {
  const std::string shown = harmless(line);
  if (!color || tone == Tone::plain) return shown;
  return escape(tone) + shown + "\x1b[0m";
}

void Screen::say(std::string_view line, Tone tone) {
  if (!json_) raw(painted(line, tone, color_) + "\n");
}

void Screen::tell(std::string_view line, Tone tone) {
  if (!quiet_) say(line, tone);
}

void Screen::raw(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  erase_block();
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  draw_block();
  std::fflush(stdout);
}

void Screen::json_line(const std::string &object) {
  if (json_) raw(object + "\n");
}

void Screen::complain(std::string_view line, Tone tone) {
  const std::lock_guard lock(mutex_);
  erase_block();
  std::fflush(stdout);
  const std::string text = painted(line, tone, color_errors_) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  draw_block();
  std::fflush(stdout);
}

void Screen::block(const std::vector<std::string> &lines) {
  if (!live_) return;
  const std::lock_guard lock(mutex_);
  erase_block();
  block_ = lines;
  draw_block();
  std::fflush(stdout);
}

void Screen::erase_block() {
  if (drawn_ > 0) std::fprintf(stdout, "\x1b[%zuA\x1b[J", drawn_);
  drawn_ = 0;
}

void Screen::draw_block() {
  const std::size_t columns = block_.empty() ? 0 : width() - 1;
  for (const auto &line : block_) std::fprintf(stdout, "%s\n", cut(harmless(line), columns).c_str());
  drawn_ = block_.size();
}

}  // namespace deployctl
