// The text of a decision that is signed: fixed lines, LF only, so that anybody can read, sign and verify it with stock tools.
//
//   libdeploy-approval-v1
//   decision: approve
//   application: shop
//   environment: production
//   version: 1.0.2
//   digest: sha256:dddf...
//   replaces: 1.0.1 sha256:4f1c...
//   policy: 3fa9c1...
//   creator: ci
//   approver: alice
//   issued: 2026-11-22T22:26:53.123Z
//   expires: 2026-11-23T22:26:53.123Z
//   nonce: 0f6c...
//   comment: "tested the checkout by hand"
#pragma once

#include <string>
#include <string_view>

#include "deploy/decision.hpp"

namespace deploy {

inline constexpr std::string_view kDecisionHeader = "libdeploy-approval-v1";

/// `replaces` is "nothing" where nothing is live, `expires` is "never" for a denial, the comment is a JSON string. Throws Error{invalid_argument}
/// when a value would not stay in its line.
[[nodiscard]] std::string decision_text(const Decision& decision);

/// Reads back what decision_text wrote, `text` included. Throws Error{invalid_argument} that names the line for anything else: every text has one
/// reading, and every decision one text.
[[nodiscard]] Decision parse_decision_text(std::string_view text);

}  // namespace deploy
