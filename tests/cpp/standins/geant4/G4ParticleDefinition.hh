// Stand-in for Geant4 11.4, source/particles/management/include/G4ParticleDefinition.hh.
#pragma once

class G4ParticleDefinition {
 public:
  virtual ~G4ParticleDefinition() = default;
};
