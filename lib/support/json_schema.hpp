// Validates a JSON value against a JSON Schema (draft 4, the part of it that later drafts share).
#pragma once

#include <optional>
#include <string>

#include "support/json.hpp"

namespace deploy::json {

/// The first thing that the validator objects to.
struct SchemaViolation {
  std::string pointer;  ///< of the offending value
  std::string keyword;  ///< of the schema: "type", "required", "additionalProperties" ...
};

/// nullopt when the value conforms.
[[nodiscard]] std::optional<SchemaViolation> validate(const Value& value, const Document& schema);

}  // namespace deploy::json
