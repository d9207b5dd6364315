// Stand-in for Geant4 11.4, source/processes/parameterisation/src/G4FastSimHitMaker.cc.
//
// As there, the first deposit of a hit maker is located at the track, and empty ones are dropped.
#pragma once

#include <vector>

#include "G4FastHit.hh"
#include "G4FastTrack.hh"
#include "G4String.hh"

namespace standin {
/// A deposit: where it is, and where the volume that gets it was looked for.
struct Deposit {
  G4ThreeVector position, located;
  G4double energy;
  G4String world;
};
/// Deposits on this thread.
inline std::vector<Deposit>& deposits() {
  thread_local std::vector<Deposit> deposits;
  return deposits;
}
}  // namespace standin

class G4FastSimHitMaker {
 public:
  void make(const G4FastHit& hit, const G4FastTrack& track) {
    if (hit.GetEnergy() <= 0) return;
    const G4ThreeVector located =
        is_set_up_ ? hit.GetPosition() : track.GetPrimaryTrackLocalPosition();
    is_set_up_ = true;
    standin::deposits().push_back({hit.GetPosition(), located, hit.GetEnergy(), world_});
  }
  void SetNameOfWorldWithSD(const G4String& name) { world_ = name; }

 private:
  bool is_set_up_ = false;
  G4String world_;
};
