// The end of the trained range that DDML's own Etrigger leaves open.
#pragma once

#include "G4FastTrack.hh"
#include "G4Track.hh"
#include "generator.h"
#include "track_conditions.h"

/// DDML trigger: energies that the generator was trained on.
struct EnergyWindow {
  bool check_trigger(const G4FastTrack& track) const {
    return generator::energy_in_trained_range(track.GetPrimaryTrack()->GetKineticEnergy());
  }
};
