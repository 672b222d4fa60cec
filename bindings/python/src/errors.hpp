// deploy::Error and its Python class, both ways.
#pragma once

#include <exception>

#include "deploy/error.hpp"
#include "python.hpp"

namespace deploy::python {

/// The exception object of an error: of the subclass that its code names.
[[nodiscard]] py::object error_to_python(const Error& error);
/// What a Python port raised, as the library understands it: a libdeploy.Error keeps its code, anything else is `internal`.
[[nodiscard]] Error error_from_python(const py::error_already_set& raised, const char* port);

/// deploy::Error becomes a libdeploy.Error, std::bad_alloc a MemoryError (that one by pybind11).
void register_errors();

}  // namespace deploy::python
