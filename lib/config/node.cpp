#include "config/node.hpp"

#include "model/text.hpp"

namespace deploy::config {

Node Node::operator[](std::string_view key) const {
  const json::Value* child = value_ == nullptr ? nullptr : json::find(*value_, key);
  return {child, json::child_pointer(pointer_, key), *directory_, *faults_};
}

std::vector<Node> Node::items() const {
  std::vector<Node> out;
  if (value_ == nullptr || !value_->IsArray()) return out;
  for (const json::Value& item : value_->GetArray())
    out.emplace_back(&item, json::child_pointer(pointer_, std::to_string(out.size())), *directory_, *faults_);
  return out;
}

std::vector<std::pair<std::string, Node>> Node::members() const {
  std::vector<std::pair<std::string, Node>> out;
  if (value_ == nullptr || !value_->IsObject()) return out;
  for (const auto& member : value_->GetObject()) {
    const std::string key(json::view(member.name));
    out.emplace_back(key, Node(&member.value, json::child_pointer(pointer_, key), *directory_, *faults_));
  }
  return out;
}

std::string Node::text(std::string_view fallback) const { return std::string(is_text() ? json::view(*value_) : fallback); }
bool Node::flag(bool fallback) const { return value_ != nullptr && value_->IsBool() ? value_->GetBool() : fallback; }
int Node::number(int fallback) const { return value_ != nullptr && value_->IsInt() ? value_->GetInt() : fallback; }
double Node::real(double fallback) const { return value_ != nullptr && value_->IsNumber() ? value_->GetDouble() : fallback; }

std::vector<std::string> Node::texts() const {
  std::vector<std::string> out;
  for (const Node& item : items()) out.push_back(item.text());
  return out;
}

std::map<std::string, std::string> Node::text_map() const {
  std::map<std::string, std::string> out;
  for (const auto& [key, node] : members()) out.emplace(key, node.text());
  return out;
}

std::string Node::path(std::string_view fallback) const {
  return parsed(std::string(fallback), [&](std::string_view text) { return absolute_path(text, *directory_); });
}

std::optional<SecretSource> Node::secret() const {
  if (value_ == nullptr || !value_->IsObject()) return std::nullopt;
  const Node name = (*this)["env"], file = (*this)["file"], command = (*this)["command"];
  if (name) {
    if (name.text().find('=') != std::string::npos)
      name.fault("found a text with '=', expected the name of an environment variable (not its value)");
    return SecretFromEnv{name.text()};
  }
  if (file) return SecretFromFile{file.path()};
  if (!command) return std::nullopt;
  std::vector<std::string> argv = command.texts();
  if (!argv.empty() && argv.front().empty()) command.items().front().fault("found an empty text, expected a program");
  return SecretFromCommand{std::move(argv)};
}

}  // namespace deploy::config
