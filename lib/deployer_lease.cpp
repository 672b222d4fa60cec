#include "deployer_adapters.hpp"

namespace deploy {

LeaseTiming lease_timing() { return {}; }

}  // namespace deploy
