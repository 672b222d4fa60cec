#include "support/json_schema.hpp"

#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

namespace deploy::json {

std::optional<SchemaViolation> validate(const Value& value, const Document& schema) {
  const rapidjson::SchemaDocument compiled(schema);
  rapidjson::SchemaValidator validator(compiled);
  if (value.Accept(validator)) return std::nullopt;
  rapidjson::StringBuffer pointer;
  validator.GetInvalidDocumentPointer().Stringify(pointer);
  const char* keyword = validator.GetInvalidSchemaKeyword();
  return SchemaViolation{{pointer.GetString(), pointer.GetSize()}, keyword == nullptr ? "" : keyword};
}

}  // namespace deploy::json
