// The one pattern of every function in this folder: check, cast, call, translate.
//
//     deploy_status deploy_x_do(deploy_x *x, const char *name, deploy_y **out_y, deploy_error **out_error) {
//       return guard(out_error, [&] {
//         auto &deployer = required(x, "x").value;               // check, cast
//         auto &out = required(out_y, "out_y");
//         auto result = deployer.do(text(name, "name"));         // call
//         out = new deploy_y{std::move(result)};                 // translate
//       });
//     }
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "deploy.h"
#include "deploy/deployment.hpp"
#include "deploy/error.hpp"

namespace deploy::capi {

[[nodiscard]] deploy_status status_of(ErrorCode code);
[[nodiscard]] deploy_status status_of(Outcome outcome);
/// The code of a negative status; `internal` for what is none. DEPLOY_NO_MEMORY has no code of its own: it is std::bad_alloc.
[[nodiscard]] ErrorCode code_of(deploy_status status) noexcept;

/// Turns the exception that is being handled into a status, and into an owned error where one is wanted.
[[nodiscard]] deploy_status report_exception(deploy_error **out_error) noexcept;

/// Runs `body` (which returns a status, or nothing for "done"). Nothing that it throws gets past here.
template <class Body>
[[nodiscard]] deploy_status guard(deploy_error **out_error, Body &&body) noexcept {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
      body();
      return DEPLOY_OK;
    } else {
      return body();
    }
  } catch (...) {
    return report_exception(out_error);
  }
}

[[noreturn]] void fail_null(const char *name);
[[noreturn]] void fail_size(std::size_t given, std::size_t least);
[[noreturn]] void fail_newer(std::size_t given, std::size_t known);

/// The object behind a pointer that must not be NULL.
template <class T>
[[nodiscard]] T &required(T *pointer, const char *name) {
  if (!pointer) fail_null(name);
  return *pointer;
}

[[nodiscard]] inline std::string_view text(const char *value, const char *name) {
  return std::string_view(&required(value, name));
}

[[nodiscard]] inline std::string_view text_or_empty(const char *value) noexcept { return value ? value : ""; }

/// C's view of a literal that a to_string gave: those are string literals, hence ended by NUL.
[[nodiscard]] inline const char *literal(std::string_view name) noexcept { return name.data(); }

/// NULL where the text is empty, for what the header documents so.
[[nodiscard]] inline const char *null_if_empty(const std::string &value) noexcept { return value.empty() ? nullptr : value.c_str(); }

/// The size that a struct had when it was first released. One that grows gets a specialisation that keeps that number.
template <class T>
inline constexpr std::size_t kFirstSize = sizeof(T);
template <>
inline constexpr std::size_t kFirstSize<deploy_gate> = offsetof(deploy_gate, signed_by);
template <>
inline constexpr std::size_t kFirstSize<deploy_pending> = offsetof(deploy_pending, signed_by);
template <>
inline constexpr std::size_t kFirstSize<deploy_deployer_options> = offsetof(deploy_deployer_options, ledger_store);

/// Options as this library knows them. A caller built against a newer header may have longer ones: what we do not know
/// must be zero there, or the caller would ask for something that would silently not happen.
template <class T>
[[nodiscard]] T options(const T *given, const T &defaults) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (!given) return defaults;
  if (given->struct_size < kFirstSize<T>) fail_size(given->struct_size, kFirstSize<T>);
  const auto *bytes = reinterpret_cast<const unsigned char *>(given);
  for (std::size_t i = sizeof(T); i < given->struct_size; ++i)
    if (bytes[i] != 0) fail_newer(given->struct_size, sizeof(T));
  T known = defaults;
  std::memcpy(static_cast<void *>(&known), given, std::min(given->struct_size, sizeof(T)));
  return known;
}

/// Fills the caller's record with as much of `value` as both know; what only the caller knows becomes zero.
template <class T>
[[nodiscard]] deploy_status fill(T *out, T value) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  if (!out || out->struct_size < kFirstSize<T>) return DEPLOY_INVALID_ARGUMENT;
  value.struct_size = out->struct_size;
  std::memset(static_cast<void *>(out), 0, value.struct_size);
  std::memcpy(static_cast<void *>(out), &value, std::min(value.struct_size, sizeof(T)));
  return DEPLOY_OK;
}

/// The element, or nullptr past the end.
template <class Container>
[[nodiscard]] auto *element(Container &items, std::size_t index) noexcept {
  return index < items.size() ? &items[index] : nullptr;
}

/// The key and value at `index` of a map, for the `_get_..._at` functions.
template <class Map>
[[nodiscard]] auto entry(const Map &map, std::size_t index) noexcept {
  auto it = map.begin();
  while (index-- > 0 && it != map.end()) ++it;
  return it;
}

[[nodiscard]] inline std::int64_t ms(std::chrono::milliseconds duration) noexcept { return duration.count(); }
[[nodiscard]] inline std::int64_t ms(TimePoint time) noexcept { return time.time_since_epoch().count(); }
template <class T>
[[nodiscard]] std::int64_t ms_or_none(const std::optional<T> &value) noexcept {
  return value ? ms(*value) : DEPLOY_NONE;
}

}  // namespace deploy::capi
