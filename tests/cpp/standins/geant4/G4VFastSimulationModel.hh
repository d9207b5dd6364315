// Stand-in for Geant4 11.4, source/processes/parameterisation/include/G4VFastSimulationModel.hh.
#pragma once

#include "G4FastStep.hh"
#include "G4FastTrack.hh"
#include "G4ParticleDefinition.hh"
#include "G4Region.hh"
#include "G4String.hh"
#include "G4Types.hh"

class G4VFastSimulationModel {
 public:
  explicit G4VFastSimulationModel(const G4String& name) : name_(name) {}
  G4VFastSimulationModel(const G4String& name, G4Envelope* envelope, G4bool is_unique = false)
      : name_(name) {
    static_cast<void>(is_unique);
    if (envelope != nullptr) envelope->models.push_back(this);
  }
  virtual ~G4VFastSimulationModel() = default;

  virtual G4bool IsApplicable(const G4ParticleDefinition&) = 0;
  virtual G4bool ModelTrigger(const G4FastTrack&) = 0;
  virtual void DoIt(const G4FastTrack&, G4FastStep&) = 0;
  G4String GetName() const { return name_; }

 private:
  G4String name_;
};
