#include "errors.hpp"

#include "convert.hpp"
#include "shapes_records.hpp"

namespace deploy::python {

py::object error_to_python(const Error& error) {
  return model("make_error")(to_python(error.code()), to_python(error.area()), to_python(std::string(error.what())), to_python(error.details()));
}

Error error_from_python(const py::error_already_set& raised, const char* port) {
  const py::object& value = raised.value();
  if (py::isinstance(value, model("Error"))) {
    const Where where{"Error"};
    return {from_python<ErrorCode>(value.attr("code"), where), from_python<std::string>(value.attr("area"), where),
            from_python<std::string>(value.attr("message"), where), from_python<Error::Details>(value.attr("details"), where)};
  }
  const auto type = py::str(py::type::handle_of(value).attr("__name__")).cast<std::string>();
  return {ErrorCode::internal, "port", std::string(port) + " raised " + type + ": " + py::str(value).cast<std::string>(), {{"port", port}}};
}

void register_errors() {
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const py::object made = error_to_python(error);
      PyErr_SetObject(py::type::handle_of(made).ptr(), made.ptr());
    }
  });
}

}  // namespace deploy::python
