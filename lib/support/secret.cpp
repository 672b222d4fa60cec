#include "deploy/secret.hpp"

#include <openssl/crypto.h>

namespace deploy {

namespace {
void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

struct Describe {
  std::string operator()(const SecretFromEnv& s) const { return "env " + s.name; }
  std::string operator()(const SecretFromFile& s) const { return "file " + s.path; }
  std::string operator()(const SecretFromCommand& s) const { return "command " + (s.argv.empty() ? "" : s.argv.front()); }
};
}  // namespace

// A moved-from std::string may keep its short buffer: it is wiped too.
Secret::Secret(Secret&& other) noexcept : value_(other.value_) { wipe(other.value_); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe(value_);
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(value_);
    value_ = other.value_;
    wipe(other.value_);
  }
  return *this;
}

Secret::~Secret() { wipe(value_); }

std::string describe(const SecretSource& source) { return std::visit(Describe{}, source); }

}  // namespace deploy
