// Stand-in for DDML of June 2025, include/DDML/PolyhedraBarrelGeometry.h: the frame of the layers.
#pragma once

#include "DDG4/Geant4Action.h"
#include "G4FastTrack.hh"

namespace ddml {
class PolyhedraBarrelGeometry {
 public:
  void declareProperties(dd4hep::sim::Geant4Action*) {}
  /// Direction with z along the normal of the layers, in the sector around the x axis.
  G4ThreeVector localDirection(const G4FastTrack& track) const {
    const G4ThreeVector d = track.GetPrimaryTrack()->GetMomentumDirection();
    return G4ThreeVector(-d.z(), d.y(), d.x());
  }
};
}  // namespace ddml
