#include "ssh/free_disk.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <vector>

namespace deploy::ssh {

namespace {
constexpr std::chrono::milliseconds kDfPatience{5'000};  // a hanging network mount must not hold a deployment up

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > INT64_MAX / 1024) return std::nullopt;
  return value;
}
}  // namespace

std::optional<std::int64_t> read_df(std::string_view output) {
  const std::size_t second = output.find('\n');
  if (second == std::string_view::npos) return std::nullopt;
  std::istringstream line{std::string(output.substr(second + 1))};
  std::vector<std::string> words;
  for (std::string word; line >> word;) words.push_back(word);
  // ... blocks used available capacity% mounted-on: the first "N%" with three numbers before it
  for (std::size_t i = 3; i < words.size(); ++i)
    if (words[i].ends_with('%') && number(words[i - 3]) && number(words[i - 2]) && number(words[i - 1])) return *number(words[i - 1]) * 1024;
  return std::nullopt;
}

std::int64_t free_disk(Transport& transport, const std::string& folder, const CallLimits& limits) {
  try {
    const ExecResult df = transport.exec({"env", "LC_ALL=C", "df", "-Pk", "--", folder}, "", {std::min(limits.timeout, kDfPatience), limits.stop});
    return df.exit_code == 0 ? read_df(df.output).value_or(-1) : -1;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return -1;  // not knowing is no reason to stop; a host that is away is noticed by the next call to its Engine
  }
}

}  // namespace deploy::ssh
