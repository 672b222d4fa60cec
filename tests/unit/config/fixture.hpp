// A configuration that is right, and ways to spoil it.
#pragma once

#include <string>
#include <string_view>

#include "deploy/config.hpp"
#include "deploy/error.hpp"

namespace deploy::test {

inline constexpr std::string_view kGoodConfig = R"({
  "application": "myapp",
  "image": {"repository": "localhost:5000/myapp"},
  "environments": [
    {
      "name": "staging",
      "hosts": ["ssh://deploy@192.0.2.10"],
      "container": {"name": "myapp-staging", "ports": ["8081:80"]},
      "probe": {"http": {"path": "/health", "port": 8081}}
    },
    {
      "name": "production", "after": "staging",
      "hosts": ["ssh://deploy@192.0.2.10"],
      "container": {"name": "myapp-prod", "ports": ["8080:80"]},
      "probe": {"http": {"path": "/health", "port": 8080}}
    }
  ]
}
)";

/// The good configuration with the first `what` replaced.
inline std::string spoiled(std::string_view what, std::string_view with) {
  std::string text(kGoodConfig);
  const std::size_t at = text.find(what);
  return at == std::string::npos ? "(the fixture holds no " + std::string(what) + ")" : text.replace(at, what.size(), with);
}

inline Config parse(std::string_view text) { return Config::parse(text, "/srv/app"); }

}  // namespace deploy::test
