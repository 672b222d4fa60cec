#include <fmt/format.h>

#include <algorithm>

#include "config/explain.hpp"
#include "config/grammar.hpp"
#include "config/read.hpp"
#include "deploy/tag.hpp"

namespace deploy::config {

namespace {
// Stand-ins that show at load time what a template will give at build time.
TemplateFields sample() { return {"1.2.3", "7", "c0ffee1", "staging"}; }

/// False after a fault: an unknown field, or one that has no meaning here.
bool check_fields(const Node& node, std::initializer_list<std::string_view> allowed) {
  const auto fields = node.parsed(std::optional<std::vector<std::string>>(), [](std::string_view text) { return std::optional(template_fields(text)); });
  if (!fields) return false;
  for (const std::string& field : *fields)
    if (std::find(allowed.begin(), allowed.end(), field) == allowed.end()) {
      std::string words;
      for (const std::string_view word : allowed) words += fmt::format("{}{{{}}}", words.empty() ? "" : ", ", word);
      node.fault(fmt::format("found {{{}}}, which is not known yet when this is filled; expected {}", field, words));
      return false;
    }
  return true;
}

std::string read_version(const Node& node) {
  if (check_fields(node, {"build", "commit"})) {
    const std::string example = expand(node.text(), sample());
    if (!Version::try_parse(example))
      node.fault(fmt::format("found {}, which gives {} for build 7; expected a version (SemVer) such as \"1.0.{{build}}\"", found(node.value()), listed({example})));
    else if (template_fields(node.text()).empty())
      node.fault(fmt::format("found {}, which gives every build the same version; expected a field such as {{build}}", found(node.value())));
  }
  return node.text();
}

void check_tag(const Node& node) {
  if (!check_fields(node, {"version", "build", "commit"})) return;
  const std::string example = expand(node.text(), sample());
  if (!is_valid_tag(example))
    node.fault(fmt::format("found {}, which is no image tag; expected letters, digits, '_', '.' and '-', 128 at most", found(node.value())));
  else if (template_fields(node.text()).empty())
    node.fault(fmt::format("found {}, which would name every build; a tag that moves belongs in \"floating_tags\"", found(node.value())));
}

void check_floating_tag(const Node& node) {
  const auto tag = node.parsed(std::optional<Tag>(), [](std::string_view text) { return std::optional(Tag::parse(text)); });
  if (tag && tag->kind != TagKind::floating)
    node.fault(fmt::format("found {}, a {} tag, which never moves; expected a name such as \"latest\"", found(node.value()), to_string(tag->kind)));
}

ImageReference read_repository(const Node& node, const ImageReference& none) {
  const auto reference = node.parsed(none, ImageReference::parse);
  if (reference.tag() || reference.digest())
    node.fault(fmt::format("found {}, expected a repository without tag or digest: {}", found(node.value()), listed({reference.name()})));
  return reference;
}

void check_build_args(const Node& node) {
  for (const auto& [name, value] : node.members())
    if (name.empty() || name.find('=') != std::string::npos) value.fault_at_key("found an argument's name that is empty or holds '='");
}
}  // namespace

ImageConfig read_image(const Node& node) {
  ImageConfig out;
  out.repository = read_repository(node["repository"], out.repository);
  out.context = node["context"] ? node["context"].path() : absolute_path(out.context, node.directory());
  out.dockerfile = node["dockerfile"].text(out.dockerfile);
  out.target = node["target"].text();
  out.build_args = node["build_args"].text_map();
  check_build_args(node["build_args"]);
  out.version = node["version"] ? read_version(node["version"]) : out.version;
  if (const Node tags = node["tags"]; tags) out.tags = tags.texts();
  for (const Node& tag : node["tags"].items()) check_tag(tag);
  out.floating_tags = node["floating_tags"].texts();
  for (const Node& tag : node["floating_tags"].items()) check_floating_tag(tag);
  out.floating_after = node["floating_after"].text();
  return out;
}

GitConfig read_git(const Node& node) {
  GitConfig out;
  if (const Node tag = node["tag"]; tag && check_fields(tag, {"version", "build", "commit", "environment"})) {
    if (template_fields(tag.text()).empty()) tag.fault(fmt::format("found {}, which would tag every release the same; expected a field such as {{version}}", found(tag.value())));
    if (!is_valid_git_tag(expand(tag.text(), sample())))
      tag.fault(fmt::format("found {}, which is no name for a git tag (see git check-ref-format)", found(tag.value())));
  }
  out.tag = node["tag"].text(out.tag);
  out.push = node["push"].text();
  if (out.push.starts_with('-')) node["push"].fault(fmt::format("found {}, expected the name or URL of a remote", found(node["push"].value())));
  out.after = node["after"].text();
  return out;
}

}  // namespace deploy::config
