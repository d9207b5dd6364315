// Stand-in for Geant4 11.4, source/particles/.../G4Gamma.hh.
#pragma once

#include "G4ParticleDefinition.hh"

class G4Gamma : public G4ParticleDefinition {
 public:
  static G4Gamma* Definition() {
    static G4Gamma only;
    return &only;
  }
};
