// A run of the stand-in: each event is one particle at the front face, and its deposits are hits.
#include "calorimeter.h"
#include "standin/application.hh"

void G4RunManager::BeamOn(G4int n_events) {
  auto* calorimeter = dynamic_cast<Calorimeter*>(detector_.get());
  for (G4int number = 0; number < n_events; ++number) {
    G4Event event(number);
    G4VUserActionInitialization::gun()->GeneratePrimaries(&event);
    for (const auto& one : G4SDManager::GetSDMpointer()->detectors) one.second->Initialize(nullptr);
    for (G4VFastSimulationModel* model : calorimeter->region()->models) {
      G4VSolid* envelope = calorimeter->region()->roots.front()->solid;
      const G4Track track(standin::gun_energy(), G4ThreeVector(0, 800, 0), G4ThreeVector(0, 1, 0));
      const G4FastTrack fast(track, *envelope, G4ThreeVector());
      G4FastStep step;
      standin::deposits().clear();
      if (model->ModelTrigger(fast)) model->DoIt(fast, step);
      for (const standin::Deposit& one : standin::deposits()) {
        const G4FastHit hit(one.position, one.energy);
        for (const auto& detector : G4SDManager::GetSDMpointer()->detectors) {
          dynamic_cast<G4VFastSimSensitiveDetector*>(detector.second)->Hit(&hit, &fast);
        }
      }
    }
    G4VUserActionInitialization::event()->EndOfEventAction(&event);
  }
}
