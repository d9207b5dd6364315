// What Par04's own test of the energy window leaves out: it is always true.
#pragma once

#include "G4FastTrack.hh"
#include "G4ThreeVector.hh"
#include "G4Track.hh"
#include "generator.h"
#include "track_conditions.h"

/// Whether the generator was trained on particles like this one: energy and direction.
inline G4bool in_trained_range(const G4FastTrack& track) {
  const G4Track& particle = *track.GetPrimaryTrack();
  const G4ThreeVector direction = particle.GetMomentumDirection();
  return generator::in_trained_range(particle.GetKineticEnergy(), direction.theta(),
                                     direction.phi());
}
