// Stand-in for Geant4 11.4, source/particles/.../G4Positron.hh.
#pragma once

#include "G4ParticleDefinition.hh"

class G4Positron : public G4ParticleDefinition {
 public:
  static G4Positron* Definition() {
    static G4Positron only;
    return &only;
  }
};
