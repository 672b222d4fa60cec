// Records as people read them.
#pragma once

#include <string>
#include <vector>

#include "session.hpp"

namespace deployctl {

/// How it ended in one line; with reasons and what to do next when it did not succeed.
void show_outcome(Session &session, const deploy_deployment *deployment);
/// Everything known about it, evidence included.
void show_deployment(Session &session, const deploy_deployment *deployment);
/// Container, probe trace and last log lines of every host.
void show_evidence(Session &session, const deploy_deployment *deployment);
void show_gate(Session &session, const deploy_gate &gate);

/// Command lines that lead on from here: approve, resume, lift ... Empty when nothing is called for.
[[nodiscard]] std::vector<std::string> next_steps(Session &session, const deploy_deployment *deployment);
[[nodiscard]] std::vector<std::string> gate_openers(Session &session, const deploy_gate &gate, const std::string &environment,
                                                    const std::string &version, const std::string &digest);

}  // namespace deployctl
