// Templates such as `1.0.{build}`.
#include <array>

#include "deploy/error.hpp"
#include "deploy/tag.hpp"
#include "model/nearest.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::array<std::string_view, 4> kFields = {"version", "build", "commit", "environment"};

[[noreturn]] void fail_template(std::string_view text, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "tag", "bad template " + text::quoted(text) + ": " + why);
}

void check_field(std::string_view text, std::string_view field) {
  for (const std::string_view known : kFields)
    if (field == known) return;
  const std::string near = nearest(field, kFields);
  fail_template(text, "there is no field " + text::quoted(field) + (near.empty() ? "" : "; did you mean {" + near + "}?") +
                 " (known: {version}, {build}, {commit}, {environment})");
}

/// A run of plain text, then a field; the last piece has no field.
struct Piece {
  std::string_view plain;
  std::optional<std::string_view> field;
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  std::string_view rest = text;
  while (true) {
    const std::size_t brace = rest.find_first_of("{}");
    if (brace == std::string_view::npos) break;
    if (rest[brace] == '}') fail_template(text, "a '}' without its '{'");
    const std::size_t end = rest.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || rest[end] != '}') fail_template(text, "a '{' without its '}'");
    const bool dollar = brace > 0 && rest[brace - 1] == '$';
    const std::string_view field = rest.substr(brace + 1, end - brace - 1);
    check_field(text, field);
    out.push_back({rest.substr(0, dollar ? brace - 1 : brace), field});
    rest.remove_prefix(end + 1);
  }
  out.push_back({rest, std::nullopt});
  return out;
}

const std::string& value_of(std::string_view field, const TemplateFields& fields) {
  if (field == "version") return fields.version;
  if (field == "build") return fields.build;
  return field == "commit" ? fields.commit : fields.environment;
}
}  // namespace

std::string expand(std::string_view text, const TemplateFields& fields) {
  std::string out;
  for (const Piece& piece : pieces_of(text)) {
    out += piece.plain;
    if (!piece.field) continue;
    const std::string& value = value_of(*piece.field, fields);
    if (value.empty()) fail_template(text, "{" + std::string(*piece.field) + "} has no value here");
    out += value;
  }
  return out;
}

std::vector<std::string> template_fields(std::string_view text) {
  std::vector<std::string> out;
  for (const Piece& piece : pieces_of(text))
    if (piece.field) out.emplace_back(*piece.field);
  return out;
}

}  // namespace deploy
