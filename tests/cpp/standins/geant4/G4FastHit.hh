// Stand-in for Geant4 11.4, source/processes/parameterisation/include/G4FastHit.hh.
#pragma once

#include "G4ThreeVector.hh"
#include "G4Types.hh"

class G4FastHit {
 public:
  G4FastHit() = default;
  G4FastHit(const G4ThreeVector& position, G4double energy)
      : energy_(energy), position_(position) {}

  G4double GetEnergy() const { return energy_; }
  G4ThreeVector GetPosition() const { return position_; }

 private:
  G4double energy_ = 0;
  G4ThreeVector position_;
};
