// Stand-in for Geant4 11.4, source/particles/.../G4Electron.hh.
#pragma once

#include "G4ParticleDefinition.hh"

class G4Electron : public G4ParticleDefinition {
 public:
  static G4Electron* Definition() {
    static G4Electron only;
    return &only;
  }
};
