// Secrets: where they come from (configuration) and their value (never printable).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deploy {

/// A value that cannot print itself: no stream operator, no fmt formatter, wiped on destruction. Since: 0.9
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The clear text. Call it only where the value leaves for its addressee (an HTTP header, a key decoder).
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

 private:
  std::string value_;
};

struct SecretFromEnv { std::string name; bool operator==(const SecretFromEnv&) const = default; };
struct SecretFromFile { std::string path; bool operator==(const SecretFromFile&) const = default; };
struct SecretFromCommand { std::vector<std::string> argv; bool operator==(const SecretFromCommand&) const = default; };

/// Where a secret is to be had: `{"env": "NAME"}`, `{"file": "path"}` or `{"command": ["argv", ...]}`. Never a literal. Since: 0.9
using SecretSource = std::variant<SecretFromEnv, SecretFromFile, SecretFromCommand>;

/// Says where, never what: `env NAME`, `file path`, `command argv0`. For messages. Since: 0.9
[[nodiscard]] std::string describe(const SecretSource& source);

}  // namespace deploy
