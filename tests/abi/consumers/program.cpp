// The C++ API, which is linked in: the shared library shows its C functions alone.
#include <deploy/deploy.h>
#include <deploy/deploy.hpp>
#include <iostream>

int main() {
  try {
    static_cast<void>(deploy::ImageReference::parse("Not An Image"));
    return 1;
  } catch (const deploy::Error& error) {
    if (error.code() != deploy::ErrorCode::invalid_argument) return 2;
  }
  std::cout << deploy::ImageReference::parse("flask:3").str() << " by libdeploy " << deploy_library_version() << "\n";
}
