// Shoots particles at a calorimeter whose showers the generator makes.
//
//   fast_simulation [MACRO [N_THREADS]]

#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include "FTFP_BERT.hh"
#include "G4FastSimulationPhysics.hh"
#include "G4RunManager.hh"
#include "G4RunManagerFactory.hh"
#include "G4UImanager.hh"
#include "G4ios.hh"
#include "actions.h"
#include "calorimeter.h"
#include "conditions_of_run.h"
#include "model_file.h"

namespace {

/// Physics of the particles that stay with full simulation, and the hook for those that do not.
G4VModularPhysicsList* physics() {
  auto* fast = new G4FastSimulationPhysics;
  for (const char* particle : {"e-", "e+", "gamma"}) fast->ActivateFastSimulation(particle);
  auto* list = new FTFP_BERT(0);
  list->RegisterPhysics(fast);
  return list;
}

void run(const std::string& macro, int n_threads) {
  const auto type = n_threads > 1 ? G4RunManagerType::MT : G4RunManagerType::Serial;
  const std::unique_ptr<G4RunManager> manager(G4RunManagerFactory::CreateRunManager(type));
  if (n_threads > 1) manager->SetNumberOfThreads(n_threads);
  manager->SetUserInitialization(
      new Calorimeter(model_file, conditions_of_run(), cell_size_of_run()));
  manager->SetUserInitialization(physics());
  manager->SetUserInitialization(new Actions);
  G4UImanager::GetUIpointer()->ApplyCommand("/control/execute " + macro);
}

}  // namespace

int main(int count, char** words) {
  try {
    run(count > 1 ? words[1] : "run.mac", count > 2 ? std::atoi(words[2]) : 1);
    return 0;
  } catch (const std::exception& error) {
    G4cerr << error.what() << G4endl;
    return 1;
  }
}
