#include "support/json_schema.hpp"

// Its own matcher writes through NULL when there is no memory, std::regex is large: patterns are the reader's.
#define RAPIDJSON_SCHEMA_USE_INTERNALREGEX 0
#define RAPIDJSON_SCHEMA_USE_STDREGEX 0
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

namespace deploy::json {

namespace {
using Compiled = rapidjson::GenericSchemaDocument<Value, Pool>;
using Validator = rapidjson::GenericSchemaValidator<Compiled, rapidjson::BaseReaderHandler<rapidjson::UTF8<>>, Pool>;
}  // namespace

std::optional<SchemaViolation> validate(const Value& value, const Document& schema) {
  Pool pool;
  const Compiled compiled(schema, nullptr, &pool);
  Validator validator(compiled, &pool);
  if (value.Accept(validator)) return std::nullopt;
  rapidjson::GenericStringBuffer<rapidjson::UTF8<>, ThrowingAllocator> pointer;
  validator.GetInvalidDocumentPointer().Stringify(pointer);
  const char* keyword = validator.GetInvalidSchemaKeyword();
  return SchemaViolation{{pointer.GetString(), pointer.GetSize()}, keyword == nullptr ? "" : keyword};
}

}  // namespace deploy::json
