// A sensitive detector for both simulations: it adds up what they deposit.
#pragma once

#include "G4FastHit.hh"
#include "G4FastTrack.hh"
#include "G4HCofThisEvent.hh"
#include "G4Step.hh"
#include "G4TouchableHistory.hh"
#include "G4VFastSimSensitiveDetector.hh"
#include "G4VSensitiveDetector.hh"

/// Energy of an event in all layers, and the number of deposits. One for each worker thread.
class DepositedEnergy : public G4VSensitiveDetector, public G4VFastSimSensitiveDetector {
 public:
  explicit DepositedEnergy(const G4String& name) : G4VSensitiveDetector(name) {}

  void Initialize(G4HCofThisEvent*) override { energy_ = 0, n_deposits_ = 0; }

  /// A step of the full simulation.
  G4bool ProcessHits(G4Step* step, G4TouchableHistory*) override {
    return add(step->GetTotalEnergyDeposit());
  }
  /// A cell of a generated shower; its position is in the frame of the envelope.
  G4bool ProcessHits(const G4FastHit* cell, const G4FastTrack*, G4TouchableHistory*) override {
    return add(cell->GetEnergy());
  }

  G4double energy() const { return energy_; }
  int n_deposits() const { return n_deposits_; }

 private:
  G4bool add(G4double energy) {
    energy_ += energy;
    n_deposits_ += energy > 0;
    return true;
  }

  G4double energy_ = 0;
  int n_deposits_ = 0;
};
