// Stand-in for Geant4 11.4, source/geometry/management/include/G4Region.hh.
#pragma once

#include <vector>

#include "G4String.hh"

class G4LogicalVolume;
class G4ProductionCuts;
class G4VFastSimulationModel;

class G4Region {
 public:
  explicit G4Region(const G4String& name) : name_(name) {}
  void SetProductionCuts(G4ProductionCuts*) {}
  void AddRootLogicalVolume(G4LogicalVolume* volume) { roots.push_back(volume); }

  std::vector<G4LogicalVolume*> roots;
  std::vector<G4VFastSimulationModel*> models;

 private:
  G4String name_;
};
using G4Envelope = G4Region;
