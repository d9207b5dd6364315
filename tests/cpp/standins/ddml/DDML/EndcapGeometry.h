// Stand-in for DDML of June 2025, include/DDML/EndcapGeometry.h: the frame of the layers.
#pragma once

#include "DDG4/Geant4Action.h"
#include "G4FastTrack.hh"

namespace ddml {
class EndcapGeometry {
 public:
  void declareProperties(dd4hep::sim::Geant4Action*) {}
  /// Direction with z along the normal of the layers: z is the beam.
  G4ThreeVector localDirection(const G4FastTrack& track) const {
    const G4ThreeVector d = track.GetPrimaryTrack()->GetMomentumDirection();
    return d;
  }
};
}  // namespace ddml
