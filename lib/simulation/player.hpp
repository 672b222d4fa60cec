// Plays one script on one stage.
#pragma once

#include <exception>
#include <map>
#include <string>
#include <vector>

#include "simulation/stage.hpp"

namespace deploy::simulation {

class Player {
 public:
  Player(const Config& config, const Script& script);

  /// The whole script and what follows it.
  SimulationReport play();

 private:
  /// A command that is under way, and what happens at its calls.
  struct Running {
    std::size_t index;
    std::string process;
    std::vector<std::size_t> incidents;
    int calls = 0;
  };

  void play_group(std::size_t first, std::size_t end);
  void play_command(std::size_t index);
  void play_person(const Action& action, std::size_t index);
  void play_nested(std::size_t index);
  std::string carry_out(const Action& action, Deployer& deployer);
  std::string ship(const Action& action);
  std::string build(const Action& action, Deployer& deployer);
  std::string promote(const Action& action, Deployer& deployer);
  std::string resume(const Action& action, Deployer& deployer);
  std::string ended(const Deployment& deployment);
  std::string fell(const Error& error);
  void happen(const Action& action);
  Fault on_call(const PortCall& call);
  Fault fault_of(const Action& action);
  void finish_all();
  void mend_all();
  void check_git_tags(Deployer& deployer);
  [[nodiscard]] std::vector<std::size_t> incidents_of(std::size_t index) const;
  void tell(const Action& action, const std::string& what);

  const Script& script_;
  Stage stage_;
  SimulationReport report_;
  std::map<std::string, Running*> running_;   // by process
  std::map<std::string, Digest> shipped_;     // by version
  int depth_ = 0, commits_ = 0;
  std::exception_ptr impossible_;
};

/// True for what a person or a program asks of the library.
[[nodiscard]] bool is_command(Verb verb);
/// True for what happens to one call.
[[nodiscard]] bool is_fault(Verb verb);

}  // namespace deploy::simulation
