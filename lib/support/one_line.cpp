#include "support/one_line.hpp"

namespace deploy {

namespace {
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Overlong forms, surrogates and code points beyond U+10FFFF show in the second byte.
bool second_byte_fits(unsigned char lead, unsigned char second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second < 0xA0;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second < 0x90;
  return true;
}

// Length of the valid UTF-8 sequence at the front, 0 when there is none.
std::size_t valid_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = sequence_length(byte(0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  return length == 1 || second_byte_fits(byte(0), byte(1)) ? length : 0;
}

bool is_blank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}
}  // namespace

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    if (is_blank(text.front())) {
      gap = !out.empty();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t length = valid_sequence(text);
    if (out.size() + (length == 0 ? 1 : length) + (gap ? 1 : 0) > limit) return out + "...";
    if (gap) out += ' ';
    gap = false;
    out += length == 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace deploy
