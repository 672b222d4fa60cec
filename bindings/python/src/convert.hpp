// Values to Python and back. What comes back is checked as it is read: a wrong type is a TypeError that names the field.
#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "deploy/container.hpp"
#include "deploy/digest.hpp"
#include "deploy/host.hpp"
#include "deploy/image.hpp"
#include "deploy/tag.hpp"
#include "deploy/time.hpp"
#include "python.hpp"
#include "shape.hpp"

namespace deploy::python {

/// Names what is read, for the message.
struct Where {
  const char* owner;
  const char* field = nullptr;
};

[[noreturn]] void fail_type(Where where, const char* expected, py::handle given);
[[noreturn]] void fail_value(Where where, const std::string& problem);

/// Bytes that are no UTF-8 (a container's logs) become replacement characters.
[[nodiscard]] py::str text_to_python(std::string_view text);
[[nodiscard]] std::string text_from_python(py::handle value, Where where);
[[nodiscard]] std::int64_t integer_from_python(py::handle value, Where where, std::int64_t least, std::uint64_t most);
[[nodiscard]] py::object duration_to_python(std::chrono::milliseconds duration);
[[nodiscard]] std::chrono::milliseconds duration_from_python(py::handle value, Where where);
[[nodiscard]] py::object time_to_python(TimePoint time);
[[nodiscard]] TimePoint time_from_python(py::handle value, Where where);
/// The text of a value class (`Digest`, `Version` ...), of which plain text is taken as well.
[[nodiscard]] std::string value_text(py::handle value, const char* name, Where where);

/// The classes that are made from their text.
template <class T>
inline constexpr const char* kValueName = nullptr;
template <>
inline constexpr const char* kValueName<Digest> = "Digest";
template <>
inline constexpr const char* kValueName<Version> = "Version";
template <>
inline constexpr const char* kValueName<ImageReference> = "Image";
template <>
inline constexpr const char* kValueName<Host> = "Host";
template <>
inline constexpr const char* kValueName<PortBinding> = "PortBinding";

[[nodiscard]] inline const std::string& text_of(const Digest& digest) { return digest.str(); }
[[nodiscard]] inline std::string text_of(const Version& version) { return version.str(); }
[[nodiscard]] inline std::string text_of(const ImageReference& image) { return image.str(); }
[[nodiscard]] inline const std::string& text_of(const Host& host) { return host.url(); }
[[nodiscard]] inline std::string text_of(const PortBinding& ports) { return ports.str(); }

template <class T>
struct Converter;

template <class T>
[[nodiscard]] py::object to_python(const T& value) {
  return Converter<T>::to(value);
}

template <class T>
[[nodiscard]] T from_python(py::handle value, Where where) {
  return Converter<T>::from(value, where);
}

template <>
struct Converter<bool> {
  static py::object to(bool value) { return py::bool_(value); }
  static bool from(py::handle value, Where where) {
    if (!PyBool_Check(value.ptr())) fail_type(where, "a bool", value);
    return value.ptr() == Py_True;
  }
};

template <std::integral T>
struct Converter<T> {
  static py::object to(T value) { return py::int_(value); }
  static T from(py::handle value, Where where) {
    constexpr std::int64_t least = std::is_signed_v<T> ? static_cast<std::int64_t>(std::numeric_limits<T>::min()) : 0;
    return static_cast<T>(integer_from_python(value, where, least, static_cast<std::uint64_t>(std::numeric_limits<T>::max())));
  }
};

template <>
struct Converter<double> {
  static py::object to(double value) { return py::float_(value); }
  static double from(py::handle value, Where where) {
    if (!PyFloat_Check(value.ptr()) && (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr()))) fail_type(where, "a number", value);
    return value.cast<double>();
  }
};

template <>
struct Converter<std::string> {
  static py::object to(const std::string& value) { return text_to_python(value); }
  static std::string from(py::handle value, Where where) { return text_from_python(value, where); }
};

template <>
struct Converter<std::chrono::milliseconds> {
  static py::object to(std::chrono::milliseconds value) { return duration_to_python(value); }
  static std::chrono::milliseconds from(py::handle value, Where where) { return duration_from_python(value, where); }
};

template <>
struct Converter<TimePoint> {
  static py::object to(TimePoint value) { return time_to_python(value); }
  static TimePoint from(py::handle value, Where where) { return time_from_python(value, where); }
};

template <class T>
  requires(kValueName<T> != nullptr)
struct Converter<T> {
  static py::object to(const T& value) { return model(kValueName<T>)(text_to_python(text_of(value))); }
  static T from(py::handle value, Where where) { return T::parse(value_text(value, kValueName<T>, where)); }
};

template <IsEnumeration T>
struct Converter<T> {
  static py::object to(T value) { return model(Enumeration<T>::name)(text_to_python(to_string(value))); }
  static T from(py::handle value, Where where) {
    const std::string text = text_from_python(value, where);  // its classes are texts as well
    for (int i = 0; i <= static_cast<int>(Enumeration<T>::last); ++i)
      if (to_string(static_cast<T>(i)) == text) return static_cast<T>(i);
    fail_value(where, "'" + text + "' is no " + Enumeration<T>::name);
  }
};

template <class T>
struct Converter<std::optional<T>> {
  static py::object to(const std::optional<T>& value) { return value ? to_python(*value) : py::none(); }
  static std::optional<T> from(py::handle value, Where where) {
    return value.is_none() ? std::nullopt : std::optional<T>(from_python<T>(value, where));
  }
};

template <class T>
struct Converter<std::vector<T>> {
  static py::object to(const std::vector<T>& values) {
    py::tuple made(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) made[i] = to_python(values[i]);
    return made;
  }
  static std::vector<T> from(py::handle values, Where where) {
    if (!py::isinstance<py::sequence>(values) || PyUnicode_Check(values.ptr())) fail_type(where, "a tuple or list", values);
    std::vector<T> read;
    for (const py::handle value : py::reinterpret_borrow<py::sequence>(values)) read.push_back(from_python<T>(value, where));
    return read;
  }
};

template <class T>
struct Converter<std::map<std::string, T>> {
  static py::object to(const std::map<std::string, T>& values) {
    py::dict made;
    for (const auto& [key, value] : values) made[text_to_python(key)] = to_python(value);
    return made;
  }
  static std::map<std::string, T> from(py::handle values, Where where) {
    if (!PyDict_Check(values.ptr())) fail_type(where, "a dict", values);
    std::map<std::string, T> read;
    for (const auto& [key, value] : py::reinterpret_borrow<py::dict>(values)) read.emplace(text_from_python(key, where), from_python<T>(value, where));
    return read;
  }
};

template <HasShape T>
struct Converter<T> {
  static py::object to(const T& value) {
    return std::apply([&](const auto&... members) { return model(Shape<T>::name)(to_python(value.*members.pointer)...); }, Shape<T>::members);
  }
  static T from(py::handle value, Where where) {
    if (!is(value)) fail_type(where, Shape<T>::name, value);
    T read;
    std::apply([&](const auto&... members) { (take(read, value, members), ...); }, Shape<T>::members);
    return read;
  }
  static bool is(py::handle value) { return py::isinstance(value, model(Shape<T>::name)); }

 private:
  template <class M>
  static void take(T& read, py::handle value, const Member<T, M>& member) {
    read.*member.pointer = from_python<M>(value.attr(member.name), {Shape<T>::name, member.name});
  }
};

template <>
struct Converter<Tag> {
  static py::object to(const Tag& tag) { return model("Tag")(text_to_python(tag.text)); }
  static Tag from(py::handle value, Where where) { return Tag::parse(value_text(value, "Tag", where)); }
};

/// Text, a struct, or another variant: by what is given.
template <class... Options>
struct Converter<std::variant<Options...>> {
  using Variant = std::variant<Options...>;
  static py::object to(const Variant& value) {
    return std::visit([](const auto& option) { return to_python(option); }, value);
  }
  static Variant from(py::handle value, Where where) {
    std::optional<Variant> read;
    (try_option<Options>(value, where, read), ...);
    if (!read) fail_type(where, "one of the types that stand in its annotation", value);
    return std::move(*read);
  }
  static bool is(py::handle value) { return (fits<Options>(value) || ...); }

 private:
  template <class Option>
  static bool fits(py::handle value) {
    if constexpr (std::is_same_v<Option, std::string>) return PyUnicode_Check(value.ptr());
    else return Converter<Option>::is(value);
  }
  template <class Option>
  static void try_option(py::handle value, Where where, std::optional<Variant>& read) {
    if (!read && fits<Option>(value)) read.emplace(from_python<Option>(value, where));
  }
};

}  // namespace deploy::python
