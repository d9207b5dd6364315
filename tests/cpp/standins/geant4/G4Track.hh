// Stand-in for Geant4 11.4, source/track/include/G4Track.hh; a test makes one of its three numbers.
#pragma once

#include "G4ThreeVector.hh"
#include "G4Types.hh"

class G4Track {
 public:
  G4Track(G4double kinetic_energy, const G4ThreeVector& position, const G4ThreeVector& direction)
      : kinetic_energy_(kinetic_energy), position_(position), direction_(direction) {}

  G4double GetKineticEnergy() const { return kinetic_energy_; }
  const G4ThreeVector& GetPosition() const { return position_; }
  const G4ThreeVector& GetMomentumDirection() const { return direction_; }

 private:
  G4double kinetic_energy_;
  G4ThreeVector position_, direction_;
};
