// A particle gun, and a line for each event.
#pragma once

#include "G4Event.hh"
#include "G4ParticleGun.hh"
#include "G4ParticleTable.hh"
#include "G4SDManager.hh"
#include "G4SystemOfUnits.hh"
#include "G4ThreeVector.hh"
#include "G4UserEventAction.hh"
#include "G4VUserActionInitialization.hh"
#include "G4VUserPrimaryGeneratorAction.hh"
#include "G4ios.hh"
#include "deposited_energy.h"

/// Electrons from the centre; /gun commands change them.
class Gun : public G4VUserPrimaryGeneratorAction {
 public:
  Gun() : gun_(1) {
    gun_.SetParticleDefinition(G4ParticleTable::GetParticleTable()->FindParticle("e-"));
    gun_.SetParticleEnergy(50 * GeV);
    gun_.SetParticleMomentumDirection(G4ThreeVector(0, 1, 0));
  }
  void GeneratePrimaries(G4Event* event) override { gun_.GeneratePrimaryVertex(event); }

 private:
  G4ParticleGun gun_;
};

/// Prints what an event left in the calorimeter.
class EventPrinter : public G4UserEventAction {
 public:
  void EndOfEventAction(const G4Event* event) override {
    G4VSensitiveDetector* found =
        G4SDManager::GetSDMpointer()->FindSensitiveDetector("DepositedEnergy");
    const auto* deposited = dynamic_cast<DepositedEnergy*>(found);
    if (deposited == nullptr) return;
    G4cout << "event " << event->GetEventID() << ": " << deposited->energy() / GeV << " GeV in "
           << deposited->n_deposits() << " deposits" << G4endl;
  }
};

class Actions : public G4VUserActionInitialization {
 public:
  void Build() const override {
    SetUserAction(new Gun);
    SetUserAction(new EventPrinter);
  }
};
