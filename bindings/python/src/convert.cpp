#include "convert.hpp"

namespace deploy::python {

namespace {

std::string described(Where where) { return where.field ? std::string(where.owner) + "." + where.field : where.owner; }

py::object datetime(const char* name) { return py::module_::import("datetime").attr(name); }

/// Whole milliseconds of a timedelta; what is finer would be lost without a word.
std::chrono::milliseconds whole_milliseconds(py::handle delta, Where where) {
  const auto days = delta.attr("days").cast<std::int64_t>();
  const auto seconds = delta.attr("seconds").cast<std::int64_t>();
  const auto microseconds = delta.attr("microseconds").cast<std::int64_t>();
  if (microseconds % 1000 != 0) fail_value(where, "times are kept in whole milliseconds, and " + std::to_string(microseconds) + " µs are none");
  return std::chrono::milliseconds((days * 86'400 + seconds) * 1000 + microseconds / 1000);
}

}  // namespace

void fail_type(Where where, const char* expected, py::handle given) {
  throw py::type_error(described(where) + " is " + expected + ", and was given as " + py::str(py::type::handle_of(given).attr("__name__")).cast<std::string>());
}

void fail_value(Where where, const std::string& problem) { throw py::value_error(described(where) + ": " + problem); }

py::str text_to_python(std::string_view text) {
  PyObject* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

std::string text_from_python(py::handle value, Where where) {
  if (!PyUnicode_Check(value.ptr())) fail_type(where, "a str", value);
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (!text) throw py::error_already_set();
  return {text, static_cast<std::size_t>(size)};
}

std::int64_t integer_from_python(py::handle value, Where where, std::int64_t least, std::uint64_t most) {
  if (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr())) fail_type(where, "an int", value);
  const py::int_ number = py::reinterpret_borrow<py::int_>(value);
  if (number < py::int_(least) || number > py::int_(most))
    fail_value(where, py::str(py::handle(number)).cast<std::string>() + " is not within " + std::to_string(least) + " ... " + std::to_string(most));
  if (number < py::int_(0)) return number.cast<std::int64_t>();
  return static_cast<std::int64_t>(number.cast<std::uint64_t>());
}

py::object duration_to_python(std::chrono::milliseconds duration) {
  return datetime("timedelta")(py::arg("milliseconds") = duration.count());
}

std::chrono::milliseconds duration_from_python(py::handle value, Where where) {
  if (!py::isinstance(value, datetime("timedelta"))) fail_type(where, "a datetime.timedelta", value);
  return whole_milliseconds(value, where);
}

py::object time_to_python(TimePoint time) {
  return model("EPOCH") + duration_to_python(time.time_since_epoch());
}

TimePoint time_from_python(py::handle value, Where where) {
  if (!py::isinstance(value, datetime("datetime"))) fail_type(where, "a datetime.datetime", value);
  if (value.attr("tzinfo").is_none()) fail_value(where, "a time needs its zone: datetime.now(timezone.utc), not datetime.now()");
  return TimePoint(whole_milliseconds(value - model("EPOCH"), where));
}

std::string value_text(py::handle value, const char* name, Where where) {
  if (PyUnicode_Check(value.ptr())) return text_from_python(value, where);
  if (!py::isinstance(value, model(name))) fail_type(where, (std::string("a ") + name + " or its text").c_str(), value);
  return text_from_python(py::str(value), where);
}

}  // namespace deploy::python
