// Stand-in for Geant4 11.4, source/geometry/management/include/G4VSolid.hh.
#pragma once

#include "G4ThreeVector.hh"
#include "G4Types.hh"
#include "geomdefs.hh"

class G4VSolid {
 public:
  virtual ~G4VSolid() = default;
  virtual EInside Inside(const G4ThreeVector& point) const = 0;
  virtual G4double DistanceToOut(const G4ThreeVector& point,
                                 const G4ThreeVector& direction) const = 0;
};
