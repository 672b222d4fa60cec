// Says everything in which a value departs from the schema, in words for people.
#pragma once

#include "config/faults.hpp"
#include "support/json.hpp"

namespace deploy::config {

/// The validator stops at the first violation and names a keyword; this walks the same schema and names them all, with
/// what was found, what was expected and the nearest known word. Knows the keywords that deploy.schema.json uses but
/// `pattern`: such texts are parsed later, by code that can say more.
void explain(const json::Value& value, const json::Document& schema, Faults& faults);

/// A value for messages: `"text"`, `the number 5`, `true`, `null`, `an object`, `a list`.
[[nodiscard]] std::string found(const json::Value& value);

/// `"a", "b", "c"`
[[nodiscard]] std::string listed(const std::vector<std::string>& words);

/// `; did you mean "x"?`, or "" when nothing is near.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace deploy::config
