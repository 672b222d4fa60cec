#include "config/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/nearest.hpp"
#include "model/text.hpp"

namespace deploy::config {

namespace {
using json::Value;

constexpr std::string_view kDefinitions = "#/definitions/", kSecret = "#/definitions/secret";

std::string in_double_quotes(std::string_view text) {
  std::string out = text::quoted(text);
  out.front() = '"';
  out.back() = '"';
  return out;
}

std::string type_of(const Value& value) {
  if (value.IsNull()) return "null";
  if (value.IsBool()) return "boolean";
  if (value.IsString()) return "string";
  if (value.IsNumber()) return value.IsInt64() || value.IsUint64() ? "integer" : "number";
  return value.IsObject() ? "object" : "array";
}

std::string type_in_words(std::string_view type) {
  if (type == "null") return "null";
  if (type == "boolean") return "true or false";
  if (type == "string") return "a text in quotes";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  return type == "object" ? "an object {...}" : "a list [...]";
}

bool fits(std::string_view type, const std::string& actual) { return type == actual || (type == "number" && actual == "integer"); }

std::vector<std::string> keys_of(const Value& object) {
  std::vector<std::string> out;
  for (const auto& member : object.GetObject()) out.emplace_back(json::view(member.name));
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : i + 1 == words.size() ? fmt::format(" {} ", last) : ", ") + words[i];
  return out;
}

class Walker {
 public:
  Walker(const json::Document& schema, Faults& faults) : root_(schema), faults_(faults) {}

  void walk(const Value& value, const Value& schema, const std::string& pointer) {
    if (const Value* ref = json::find(schema, "$ref")) {
      if (json::view(*ref) == kSecret && !value.IsObject()) return not_a_secret(value, pointer);
      return walk(value, definition(json::view(*ref)), pointer);
    }
    if (const Value* branches = json::find(schema, "anyOf")) return walk_branches(value, *branches, pointer);
    const std::vector<std::string> types = types_of(schema);
    if (!types.empty() && !fits_one(value, types)) return wrong_type(value, types, pointer);
    if (const Value* allowed = json::find(schema, "enum")) check_enum(value, *allowed, pointer);
    if (value.IsObject()) walk_object(value, schema, pointer);
    if (value.IsArray()) walk_list(value, schema, pointer);
    if (value.IsNumber()) check_range(value, schema, pointer);
    if (value.IsString()) check_length(value, schema, pointer);
  }

 private:
  const Value& definition(std::string_view reference) const {
    return *json::find(*json::find(root_, "definitions"), reference.substr(kDefinitions.size()));
  }

  const Value& resolved(const Value& schema) const {
    const Value* ref = json::find(schema, "$ref");
    return ref == nullptr ? schema : definition(json::view(*ref));
  }

  std::vector<std::string> types_of(const Value& schema) const {
    const Value* type = json::find(resolved(schema), "type");
    if (type == nullptr) return {};
    return type->IsString() ? std::vector<std::string>{std::string(json::view(*type))} : json::strings(resolved(schema), "type");
  }

  static bool fits_one(const Value& value, const std::vector<std::string>& types) {
    return std::any_of(types.begin(), types.end(), [&](const std::string& type) { return fits(type, type_of(value)); });
  }

  // A secret that somebody wrote down must not be repeated in a log.
  void not_a_secret(const Value& value, const std::string& pointer) {
    faults_.add(pointer, fmt::format("found {}, but a secret never stands in the configuration; expected {{\"env\": \"NAME\"}}, {{\"file\": \"path\"}} or "
                                     "{{\"command\": [\"program\", ...]}}",
                                     value.IsString() ? "a literal" : found(value)));
  }

  void wrong_type(const Value& value, const std::vector<std::string>& types, const std::string& pointer) {
    std::vector<std::string> words;
    for (const std::string& type : types) words.push_back(type_in_words(type));
    const bool text_wanted = std::find(types.begin(), types.end(), "string") != types.end();
    const bool quotable = text_wanted && (value.IsNumber() || value.IsBool());
    faults_.add(pointer, fmt::format("found {}, expected {}{}", found(value), joined(words, "or"),
                                     quotable ? fmt::format("; write \"{}\"", json::dump(value)) : ""));
  }

  void walk_branches(const Value& value, const Value& branches, const std::string& pointer) {
    std::vector<std::string> expected;
    for (const Value& branch : branches.GetArray()) {
      const std::vector<std::string> types = types_of(branch);
      if (fits_one(value, types)) return walk(value, branch, pointer);
      expected.insert(expected.end(), types.begin(), types.end());
    }
    wrong_type(value, expected, pointer);
  }

  void check_enum(const Value& value, const Value& allowed, const std::string& pointer) {
    std::vector<std::string> words;
    for (const Value& word : allowed.GetArray()) {
      if (word == value) return;
      words.emplace_back(json::view(word));
    }
    faults_.add(pointer, fmt::format("found {}, expected one of {}{}", found(value), listed(words), value.IsString() ? suggestion(json::view(value), words) : ""));
  }

  void walk_object(const Value& value, const Value& schema, const std::string& pointer) {
    const Value none(rapidjson::kObjectType);
    const Value* properties = json::find(schema, "properties");
    const Value* others = json::find(schema, "additionalProperties");
    const Value& known = properties == nullptr ? none : *properties;
    for (const auto& member : value.GetObject()) {
      const std::string_view key = json::view(member.name);
      const std::string child = json::child_pointer(pointer, key);
      if (const Value* property = json::find(known, key)) walk(member.value, *property, child);
      else if (others != nullptr && others->IsObject()) walk(member.value, *others, child);
      else if (others != nullptr && others->IsFalse()) unknown_key(key, keys_of(known), child);
    }
    for (const std::string& key : json::strings(schema, "required"))
      if (json::find(value, key) == nullptr) missing_key(key, known, pointer);
    if (const Value* choices = json::find(schema, "oneOf")) check_choice(value, *choices, pointer);
  }

  void unknown_key(std::string_view key, const std::vector<std::string>& known, const std::string& pointer) {
    const std::string near = suggestion(key, known);
    const std::string expected = known.empty() ? "expected no keys here" : "expected one of " + listed(known);
    faults_.add(pointer, fmt::format("unknown key {}, {}{}", in_double_quotes(key), expected, near), true);
  }

  void missing_key(const std::string& key, const Value& properties, const std::string& pointer) {
    const Value* property = json::find(properties, key);
    const std::string meaning = property == nullptr ? "" : json::string(*property, "description");
    faults_.add(pointer, fmt::format("the key \"{}\" is missing{}", key, meaning.empty() ? "" : ": " + meaning));
  }

  /// `oneOf` stands in our schema for "exactly one of these keys" alone.
  void check_choice(const Value& value, const Value& choices, const std::string& pointer) {
    std::vector<std::string> keys, given;
    for (const Value& choice : choices.GetArray())
      for (const std::string& key : json::strings(choice, "required")) {
        keys.push_back(key);
        if (json::find(value, key) != nullptr) given.push_back(key);
      }
    if (given.size() == 1) return;
    faults_.add(pointer, fmt::format("found {}, expected exactly one of the keys {}", given.empty() ? "none of them" : listed(given), listed(keys)));
  }

  void walk_list(const Value& value, const Value& schema, const std::string& pointer) {
    const auto at_least = json::integer(schema, "minItems", 0);
    if (value.Size() < at_least) faults_.add(pointer, "found an empty list, expected at least one element");
    const Value* items = json::find(schema, "items");
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      const std::string child = json::child_pointer(pointer, std::to_string(i));
      if (items != nullptr) walk(value[i], *items, child);
      if (json::boolean(schema, "uniqueItems") && std::find(value.Begin(), value.Begin() + i, value[i]) != value.Begin() + i)
        faults_.add(child, fmt::format("found {} a second time in this list", found(value[i])));
    }
  }

  void check_range(const Value& value, const Value& schema, const std::string& pointer) {
    const Value *low = json::find(schema, "minimum"), *high = json::find(schema, "maximum");
    if (low != nullptr && value.GetDouble() < low->GetDouble())
      faults_.add(pointer, fmt::format("found {}, expected at least {}", found(value), json::dump(*low)));
    if (high != nullptr && value.GetDouble() > high->GetDouble())
      faults_.add(pointer, fmt::format("found {}, expected at most {}", found(value), json::dump(*high)));
  }

  void check_length(const Value& value, const Value& schema, const std::string& pointer) {
    const auto longest = json::integer(schema, "maxLength", -1);
    if (value.GetStringLength() == 0 && json::integer(schema, "minLength") > 0) faults_.add(pointer, "found an empty text, expected at least one character");
    // Bytes: the names that are limited are ASCII anyway.
    if (longest >= 0 && value.GetStringLength() > longest)
      faults_.add(pointer, fmt::format("found a text of {} bytes, expected at most {}", value.GetStringLength(), longest));
  }

  const json::Document& root_;
  Faults& faults_;
};
}  // namespace

void explain(const json::Value& value, const json::Document& schema, Faults& faults) { Walker(schema, faults).walk(value, schema, ""); }

std::string found(const json::Value& value) {
  if (value.IsString()) return in_double_quotes(json::view(value));
  if (value.IsNumber()) return "the number " + json::dump(value);
  if (value.IsObject()) return "an object";
  return value.IsArray() ? "a list" : json::dump(value);
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + in_double_quotes(word);
  return out;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : "; did you mean " + in_double_quotes(near) + "?";
}

}  // namespace deploy::config
