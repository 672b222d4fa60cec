// A value of the configuration while it is read: its JSON, its pointer, and where to complain.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/faults.hpp"
#include "config/paths.hpp"
#include "deploy/error.hpp"
#include "deploy/secret.hpp"
#include "deploy/time.hpp"
#include "support/json.hpp"

namespace deploy::config {

/// Reading never throws on wrong values: it notes a fault and goes on with the fallback, so that all faults are found in
/// one pass. Values of a wrong type are passed over in silence, as the schema has spoken of them already.
class Node {
 public:
  Node(const json::Value* value, std::string pointer, const std::string& directory, Faults& faults)
      : value_(value), pointer_(std::move(pointer)), directory_(&directory), faults_(&faults) {}

  /// False when absent or null.
  explicit operator bool() const noexcept { return value_ != nullptr && !value_->IsNull(); }
  /// JSON's null when absent.
  [[nodiscard]] const json::Value& value() const {
    static const json::Value kNull;
    return value_ == nullptr ? kNull : *value_;
  }
  [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }
  [[nodiscard]] const std::string& directory() const noexcept { return *directory_; }

  [[nodiscard]] Node operator[](std::string_view key) const;
  [[nodiscard]] std::vector<Node> items() const;                             ///< empty unless a list
  [[nodiscard]] std::vector<std::pair<std::string, Node>> members() const;   ///< empty unless an object

  void fault(std::string message) const { faults_->add(pointer_, std::move(message)); }
  void fault_at_key(std::string message) const { faults_->add(pointer_, std::move(message), true); }

  [[nodiscard]] bool is_text() const noexcept { return value_ != nullptr && value_->IsString(); }
  [[nodiscard]] std::string text(std::string_view fallback = "") const;
  [[nodiscard]] bool flag(bool fallback) const;
  [[nodiscard]] int number(int fallback) const;
  [[nodiscard]] double real(double fallback) const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::map<std::string, std::string> text_map() const;
  [[nodiscard]] std::chrono::milliseconds duration(std::chrono::milliseconds fallback) const { return parsed(fallback, parse_duration); }
  [[nodiscard]] std::string path(std::string_view fallback = "") const;      ///< absolute; the fallback as it is
  [[nodiscard]] std::optional<SecretSource> secret() const;

  /// The text through `parse`, whose Error becomes a fault here.
  template <class T, class Parse>
  [[nodiscard]] T parsed(T fallback, Parse parse) const {
    if (!is_text() || value_->GetStringLength() == 0) return fallback;
    try {
      return parse(json::view(*value_));
    } catch (const Error& error) {
      fault(error.what());
      return fallback;
    }
  }

 private:
  const json::Value* value_;
  std::string pointer_;
  const std::string* directory_;
  Faults* faults_;
};

}  // namespace deploy::config
