#include "docker/base_images.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

#include "deploy/error.hpp"
#include "deploy/image.hpp"

namespace deploy::docker {

namespace {
using Arguments = std::map<std::string, std::string>;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// $NAME, ${NAME} and ${NAME:-otherwise}; what else the builder knows does not occur in practice where a registry is named.
std::string expand(const std::string& text, const Arguments& arguments) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const bool braced = text.compare(at, 2, "${") == 0;
    std::size_t end = at + (braced ? 2 : 1);
    std::string name;
    while (end < text.size() && is_name(text[end])) name += text[end++];
    std::string otherwise;
    if (braced) {
      const std::size_t close = std::min(text.find('}', end), text.size());
      if (text.compare(end, 2, ":-") == 0) otherwise = text.substr(end + 2, close - end - 2);
      end = std::min(close + 1, text.size());
    }
    const auto found = arguments.find(name);
    out += found != arguments.end() && !found->second.empty() ? found->second : otherwise;
    at = end;
  }
  return out;
}

// A stage's name parses as an image of Docker Hub, so the stages are known by name.
void add_registry(const std::string& image, const std::set<std::string>& stages, std::set<std::string>& out) {
  const bool is_number = !image.empty() && std::all_of(image.begin(), image.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (image == "scratch" || is_number || stages.contains(upper(image))) return;
  try {
    out.insert(ImageReference::parse(image).registry());
  } catch (const Error&) {
    // Not a reference: the builder's error will be better than ours.
  }
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) return text.substr(1, text.size() - 2);
  return text;
}

void declare(const std::string& argument, const Arguments& given, Arguments& known) {
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  const auto override = given.find(name);
  if (override != given.end()) known[name] = override->second;
  else if (equals != std::string::npos) known[name] = expand(unquoted(argument.substr(equals + 1)), known);
}
}  // namespace

std::set<std::string> base_registries(std::string_view dockerfile, const std::map<std::string, std::string>& build_args) {
  std::set<std::string> out, stages;
  Arguments known;
  std::istringstream lines{std::string(dockerfile)};
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2) continue;
    const std::string instruction = upper(words[0]);
    if (instruction == "ARG" && stages.empty() && out.empty()) {
      for (std::size_t i = 1; i < words.size(); ++i) declare(words[i], build_args, known);
    } else if (instruction == "FROM") {
      const auto image = std::find_if(words.begin() + 1, words.end(), [](const std::string& word) { return !word.starts_with("--"); });
      if (image == words.end()) continue;
      add_registry(expand(*image, known), stages, out);
      if (words.end() - image >= 3 && upper(image[1]) == "AS") stages.insert(upper(image[2]));
    } else if (instruction == "COPY" && words[1].starts_with("--from=")) {
      add_registry(expand(words[1].substr(7), known), stages, out);
    }
  }
  return out;
}

}  // namespace deploy::docker
