// What the cases have in common.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "deploy/error.hpp"
#include "world.hpp"

namespace deploy::test {

using namespace std::chrono_literals;

inline void ask_for_approval(World& world) {
  ApprovalPolicy policy;
  policy.approvers = {"bob", "carol"};
  world.config.environments.back().approval = policy;
}

/// Ships a good version and brings it to staging and production.
inline Release bring_live(World& world, const std::string& version) {
  const Release release = world.ship(version);
  auto runner = world.deployer("ci");
  REQUIRE(runner.promote(release, "staging").outcome == Outcome::succeeded);
  if (world.config.environments.back().approval) world.deployer("bob").approve(release, "production");
  REQUIRE(runner.promote(release, "production").outcome == Outcome::succeeded);
  return release;
}

inline bool mentions(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

inline std::size_t position(const std::vector<std::string>& lines, const std::string& text) {
  const auto it = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != std::string::npos; });
  REQUIRE_MESSAGE(it != lines.end(), "no line has: ", text);
  return static_cast<std::size_t>(it - lines.begin());
}

template <class F>
ErrorCode code_of(F&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("it was carried out");
  return ErrorCode::internal;
}

}  // namespace deploy::test
