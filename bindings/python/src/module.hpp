// The parts of the module.
#pragma once

#include "python.hpp"

namespace deploy::python {

void define_functions(py::module_& module);
void define_simulation(py::module_& module);

}  // namespace deploy::python
