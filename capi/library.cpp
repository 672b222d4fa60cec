#include "deploy.h"

const char *deploy_library_version(void) { return LIBDEPLOY_VERSION; }
