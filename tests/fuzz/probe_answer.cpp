// What a service answers, against what was expected: "status", body pattern, JSON pointer, JSON value, the body.
#include "probe/expectation.hpp"
#include "probe/finding.hpp"
#include "target.hpp"

namespace deploy::fuzz {

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const int status = static_cast<int>(text::number(part(parts, 0)).value_or(200) % 1000);
  HttpCheck check;
  check.status = {200, 204};
  if (!part(parts, 1).empty()) check.body = std::string(part(parts, 1));
  if (parts.size() > 3) check.json.push_back({std::string(part(parts, 2)), std::string(part(parts, 3))});
  const std::string body(parts.back());
  const auto error = refusal([&] {
    if (const auto wrong = probe::mismatch(check, status, body)) {
      hold(!wrong->empty() && wrong->size() < (64u << 10), "what is wrong is said, and bounded");
      hold(text::is_utf8(*wrong), "what is wrong is said in UTF-8");
    } else {
      hold(status == 200 || status == 204, "another status is never a success");
    }
  });
  if (error) hold(probe::judge(*error, probe::Asked::service).answer == ProbeAnswer::unknown, "a malformed check says nothing about the service");
}

}  // namespace deploy::fuzz
