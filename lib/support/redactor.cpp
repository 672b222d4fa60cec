#include "support/redactor.hpp"

#include <openssl/crypto.h>

#include <string_view>

namespace deploy {

namespace {
constexpr std::string_view kInstead = "[redacted]";

void replace_all(std::string& text, const std::string& what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + kInstead.size())) text.replace(at, what.size(), kInstead);
}
}  // namespace

Redactor::~Redactor() {
  while (!known_.empty()) {
    auto node = known_.extract(known_.begin());
    OPENSSL_cleanse(node.value().data(), node.value().size());
  }
}

// A log has a key of several lines line by line, perhaps with something before each.
void Redactor::learn(const Secret& secret) {
  std::string_view rest = secret.reveal();
  const std::lock_guard lock(mutex_);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.size() >= kShortestRedacted) known_.emplace(line);
  }
}

std::string Redactor::redact(std::string text) const {
  const std::lock_guard lock(mutex_);
  for (const std::string& secret : known_) replace_all(text, secret);
  return text;
}

Error Redactor::redact(const Error& error) const {
  Error::Details details;
  for (const auto& [name, value] : error.details()) details.emplace(name, redact(value));
  return Error(error.code(), error.area(), redact(error.what()), std::move(details));
}

}  // namespace deploy
