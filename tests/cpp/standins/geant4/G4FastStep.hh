// Stand-in for Geant4 11.4, source/processes/parameterisation/include/G4FastStep.hh.
#pragma once

#include "G4Types.hh"

class G4FastStep {
 public:
  void KillPrimaryTrack() { is_killed = true; }
  void ProposePrimaryTrackPathLength(G4double length) { path_length = length; }
  void ProposeTotalEnergyDeposited(G4double energy) { deposited = energy; }

  bool is_killed = false;
  G4double path_length = -1, deposited = -1;
};
