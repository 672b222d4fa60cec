#include "registry/challenge.hpp"

#include <algorithm>

namespace deploy::registry {

namespace {
bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  void skip(std::string_view any_of) {
    while (!rest_.empty() && any_of.find(rest_.front()) != std::string_view::npos) rest_.remove_prefix(1);
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    std::size_t n = 0;
    while (n < rest_.size() && is_token_char(rest_[n])) ++n;
    return cut(n);
  }
  std::string value() { return take('"') ? quoted() : std::string(cut(std::min(rest_.find(','), rest_.size()))); }
  void drop_one() { rest_.remove_prefix(1); }

 private:
  std::string_view cut(std::size_t n) {
    const std::string_view head = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return head;
  }
  std::string quoted() {
    std::string out;
    while (!rest_.empty() && !take('"')) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    return out;
  }

  std::string_view rest_;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  return text;
}
}  // namespace

std::string Challenge::param(const std::string& name) const {
  const auto it = params.find(name);
  return it == params.end() ? std::string() : it->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> found;
  Scanner in(header);
  for (in.skip(" \t,"); !in.done(); in.skip(" \t,")) {
    const std::string word = lower(in.token());
    if (word.empty()) {
      in.drop_one();
      continue;
    }
    in.skip(" \t");
    // `name=` belongs to the challenge before it; a word alone begins the next one.
    if (!in.take('=')) {
      found.push_back({word, {}});
    } else if (in.skip(" \t"); !found.empty()) {
      found.back().params.emplace(word, trimmed(in.value()));
    } else {
      (void)in.value();
    }
  }
  return found;
}

}  // namespace deploy::registry
