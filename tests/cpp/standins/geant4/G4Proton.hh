// Stand-in for Geant4 11.4, source/particles/.../G4Proton.hh.
#pragma once

#include "G4ParticleDefinition.hh"

class G4Proton : public G4ParticleDefinition {
 public:
  static G4Proton* Definition() {
    static G4Proton only;
    return &only;
  }
};
