// Copies of what stands behind the pointers of a record, so that the record can be kept, or lent.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "capi/guard.hpp"
#include "deploy.h"
#include "deploy/secret.hpp"

namespace deploy::capi {

/// What it gives stays where it is as long as it lives, also when it is moved.
class Keep {
 public:
  Keep() = default;
  Keep(Keep &&) = default;
  Keep &operator=(Keep &&) = default;
  Keep(const Keep &) = delete;
  Keep &operator=(const Keep &) = delete;

  // Of what a caller gave: the pointer is made to point at the copy; NULL stays NULL.
  void text(const char *&value);
  void list(const char *const *&values);
  void numbers(const std::int32_t *&values);  ///< ended by 0
  void secret(const deploy_secret_source *&source);

  // Of C++ values.
  [[nodiscard]] const char *copy(std::string_view value);
  [[nodiscard]] const char *const *copy(const std::vector<std::string> &values);
  [[nodiscard]] const char *const *copy(const std::map<std::string, std::string> &values);
  [[nodiscard]] const std::int32_t *copy(const std::vector<int> &values);
  [[nodiscard]] const deploy_secret_source *copy(const SecretSource &source);
  /// The end of the list is added; the texts are kept elsewhere.
  [[nodiscard]] const char *const *end(std::vector<const char *> values);

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<const char *>> lists_;
  std::deque<std::vector<std::int32_t>> numbers_;
  std::deque<deploy_secret_source> secrets_;
};

/// A record with all that its pointers need. Immutable once made, so that copies of an object can share it.
template <class Record>
struct Kept {
  Record record;
  Keep keep;
};
template <class Record>
using KeptPtr = std::shared_ptr<const Kept<Record>>;


}  // namespace deploy::capi
