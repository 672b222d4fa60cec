#include "module.hpp"

#include "deployer.hpp"
#include "errors.hpp"
#include "ports.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace deploy::python;
  module.doc() = "The C++ library under the package libdeploy. Not for use by itself.";
  module.attr("__version__") = LIBDEPLOY_VERSION;
  register_errors();
  define_limits(module);
  define_deployer(module);
  define_simulation(module);
  define_functions(module);
}
