// What a person decides about a release in an environment, and all that the decision is bound to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deploy/deployment.hpp"
#include "deploy/time.hpp"

namespace deploy {

/// The namespace of signed decisions (`ssh-keygen -Y sign -n`): a signature that was made for another purpose does not hold. Since: 0.9
inline constexpr std::string_view kDecisionNamespace = "approval@libdeploy";

/// An approval or a denial. It holds for this digest in this environment under this policy; any change of them voids it. Since: 0.9
struct Decision {
  bool granted = true;
  std::string application, environment;
  std::string version, digest;
  std::optional<LiveVersion> replaces;   ///< what was live there when it was decided; none: nothing
  std::string policy_hash;
  std::string creator;                   ///< who made the release
  std::string approver;                  ///< who decides
  TimePoint issued{};
  std::optional<TimePoint> expires;      ///< none: a denial holds until its author withdraws it
  std::string nonce;                     ///< makes each text good for once
  std::string comment;
  std::string text;                      ///< all of the above in the form that is signed
  std::string signature;                 ///< armored; "" unless signed
  std::string key, key_type;             ///< "SHA256:...", "ssh-ed25519"; "" unless signed
};

/// {"granted":true,"application":...,"environment":...,"version":...,"digest":...,"replaces":{...}|null,...}. Since: 0.9
[[nodiscard]] std::string to_json(const Decision& decision);

/// How a decision is given. Since: 0.9
struct DecisionOptions {
  bool granted = true;
  std::string comment;
  std::string sign_with;     ///< file of a private key, or of a public one whose private part an SSH agent holds: signed by the `ssh-keygen` program
  std::string signed_text;   ///< the text that draft_decision gave; with sign_with it is what gets signed
  std::string signature;     ///< armored: signed elsewhere, over signed_text
};

}  // namespace deploy
