// What every file of the module needs of pybind11, and how Python objects are kept by threads that do not hold the GIL.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

namespace deploy::python {

namespace py = pybind11;

/// An object of Python that C++ keeps. It may be let go of by any thread.
using Held = std::shared_ptr<py::object>;

[[nodiscard]] inline Held hold(py::object object) {
  return {new py::object(std::move(object)), [](py::object* held) {
            const py::gil_scoped_acquire gil;
            delete held;
          }};
}

/// A class of the package: they are made in Python, so that they feel like Python.
[[nodiscard]] inline py::object model(const char* name) { return py::module_::import("libdeploy._models").attr(name); }

}  // namespace deploy::python
