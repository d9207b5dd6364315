// Stand-in for Geant4 11.4, source/processes/parameterisation/include/G4FastTrack.hh.
//
// The envelope's frame is the world's, moved by `origin`.
#pragma once

#include "G4Region.hh"
#include "G4Track.hh"
#include "G4VSolid.hh"

class G4FastTrack {
 public:
  G4FastTrack(const G4Track& track, G4VSolid& solid, const G4ThreeVector& origin)
      : track_(&track), solid_(&solid), local_position_(track.GetPosition() + -1.0 * origin) {}

  const G4Track* GetPrimaryTrack() const { return track_; }
  G4VSolid* GetEnvelopeSolid() const { return solid_; }
  G4ThreeVector GetPrimaryTrackLocalPosition() const { return local_position_; }
  G4ThreeVector GetPrimaryTrackLocalDirection() const { return track_->GetMomentumDirection(); }
  G4bool OnTheBoundaryButExiting() const {
    return solid_->DistanceToOut(local_position_, GetPrimaryTrackLocalDirection()) == 0.0;
  }

 private:
  const G4Track* track_;
  G4VSolid* solid_;
  G4ThreeVector local_position_;
};
