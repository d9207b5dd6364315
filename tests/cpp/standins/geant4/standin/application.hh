// Stand-in for what an application of Geant4 11.4 is made of, enough for one that shoots particles
// at the surface of a tube: a run hands each to the models of the tube's region.
//
// Interfaces as in source/{run,event,geometry,digits_hits,intercoms,physics_lists}/…/include.
#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "CLHEP/Units/SystemOfUnits.h"
#include "G4Electron.hh"
#include "G4FastHit.hh"
#include "G4FastSimHitMaker.hh"
#include "G4FastTrack.hh"
#include "G4Region.hh"
#include "G4String.hh"
#include "G4Types.hh"
#include "G4VFastSimulationModel.hh"
#include "G4VSolid.hh"
#include "Randomize.hh"

using CLHEP::deg, CLHEP::GeV, CLHEP::MeV, CLHEP::mm;
inline constexpr double cm = 10 * mm, m = 1000 * mm;

class G4Material {};
class G4ProductionCuts {};
class G4RotationMatrix;
class G4TouchableHistory;
class G4HCofThisEvent;

class G4NistManager {
 public:
  static G4NistManager* Instance() {
    static G4NistManager only;
    return &only;
  }
  G4Material* FindOrBuildMaterial(const G4String& name) { return &materials_[name]; }

 private:
  std::map<std::string, G4Material> materials_;
};

class G4Box : public G4VSolid {
 public:
  G4Box(const G4String&, G4double, G4double, G4double) {}
  EInside Inside(const G4ThreeVector&) const override { return kInside; }
  G4double DistanceToOut(const G4ThreeVector&, const G4ThreeVector&) const override { return 1; }
};

class G4Tubs : public G4VSolid {
 public:
  G4Tubs(const G4String&, G4double inner, G4double outer, G4double, G4double, G4double)
      : inner_radius(inner), outer_radius(outer) {}
  EInside Inside(const G4ThreeVector& point) const override {
    return std::fabs(point.perp() - inner_radius) < 1e-9 ? kSurface : kInside;
  }
  G4double DistanceToOut(const G4ThreeVector&, const G4ThreeVector&) const override {
    return outer_radius - inner_radius;
  }
  G4double inner_radius, outer_radius;
};

class G4Step {
 public:
  G4double GetTotalEnergyDeposit() const { return 0; }
};

class G4VSensitiveDetector {
 public:
  explicit G4VSensitiveDetector(const G4String& name) : name_(name) {}
  virtual ~G4VSensitiveDetector() = default;
  virtual void Initialize(G4HCofThisEvent*) {}
  const G4String& name() const { return name_; }

 protected:
  virtual G4bool ProcessHits(G4Step*, G4TouchableHistory*) = 0;

 private:
  G4String name_;
};

class G4VFastSimSensitiveDetector {
 public:
  virtual ~G4VFastSimSensitiveDetector() = default;
  G4bool Hit(const G4FastHit* hit, const G4FastTrack* track) {
    return ProcessHits(hit, track, nullptr);
  }

 private:
  virtual G4bool ProcessHits(const G4FastHit*, const G4FastTrack*, G4TouchableHistory*) = 0;
};

class G4LogicalVolume {
 public:
  G4LogicalVolume(G4VSolid* volume_solid, G4Material*, const G4String& name)
      : solid(volume_solid), name_(name) {}
  const G4String& GetName() const { return name_; }
  G4VSolid* solid;

 private:
  G4String name_;
};

class G4VPhysicalVolume {};
class G4PVPlacement : public G4VPhysicalVolume {
 public:
  G4PVPlacement(G4RotationMatrix*, const G4ThreeVector&, G4LogicalVolume*, const G4String&,
                G4LogicalVolume*, G4bool, G4int) {}
};

class G4SDManager {
 public:
  static G4SDManager* GetSDMpointer() {
    static G4SDManager only;
    return &only;
  }
  void AddNewDetector(G4VSensitiveDetector* one) { detectors[one->name()] = one; }
  G4VSensitiveDetector* FindSensitiveDetector(const G4String& name) { return detectors[name]; }
  std::map<std::string, G4VSensitiveDetector*> detectors;
};

class G4VUserDetectorConstruction {
 public:
  virtual ~G4VUserDetectorConstruction() = default;
  virtual G4VPhysicalVolume* Construct() = 0;
  virtual void ConstructSDandField() {}

 protected:
  void SetSensitiveDetector(G4LogicalVolume*, G4VSensitiveDetector*) {}
};

class G4Event {
 public:
  explicit G4Event(G4int number) : number_(number) {}
  G4int GetEventID() const { return number_; }

 private:
  G4int number_;
};

class G4ParticleTable {
 public:
  static G4ParticleTable* GetParticleTable() {
    static G4ParticleTable only;
    return &only;
  }
  G4ParticleDefinition* FindParticle(const G4String&) { return G4Electron::Definition(); }
};

namespace standin {
/// What the gun is set to.
inline double& gun_energy() {
  static double energy = 0;
  return energy;
}
}  // namespace standin

class G4ParticleGun {
 public:
  explicit G4ParticleGun(G4int) {}
  void SetParticleDefinition(G4ParticleDefinition*) {}
  void SetParticleEnergy(G4double energy) { standin::gun_energy() = energy; }
  void SetParticleMomentumDirection(G4ThreeVector) {}
  void GeneratePrimaryVertex(G4Event*) {}
};

class G4VUserPrimaryGeneratorAction {
 public:
  virtual ~G4VUserPrimaryGeneratorAction() = default;
  virtual void GeneratePrimaries(G4Event*) = 0;
};

class G4UserEventAction {
 public:
  virtual ~G4UserEventAction() = default;
  virtual void EndOfEventAction(const G4Event*) {}
};

class G4VUserActionInitialization {
 public:
  virtual ~G4VUserActionInitialization() = default;
  virtual void Build() const = 0;
  static std::unique_ptr<G4VUserPrimaryGeneratorAction>& gun() {
    static std::unique_ptr<G4VUserPrimaryGeneratorAction> one;
    return one;
  }
  static std::unique_ptr<G4UserEventAction>& event() {
    static std::unique_ptr<G4UserEventAction> one;
    return one;
  }

 protected:
  void SetUserAction(G4VUserPrimaryGeneratorAction* one) const { gun().reset(one); }
  void SetUserAction(G4UserEventAction* one) const { event().reset(one); }
};

class G4VPhysicsConstructor {
 public:
  virtual ~G4VPhysicsConstructor() = default;
};
class G4FastSimulationPhysics : public G4VPhysicsConstructor {
 public:
  void ActivateFastSimulation(const G4String&) {}
};
class G4VModularPhysicsList {
 public:
  virtual ~G4VModularPhysicsList() = default;
  void RegisterPhysics(G4VPhysicsConstructor* one) { constructors_.emplace_back(one); }

 private:
  std::vector<std::unique_ptr<G4VPhysicsConstructor>> constructors_;
};
class FTFP_BERT : public G4VModularPhysicsList {
 public:
  explicit FTFP_BERT(G4int verbose = 1) { static_cast<void>(verbose); }
};

class G4RunManager {
 public:
  static G4RunManager*& current() {
    static G4RunManager* one = nullptr;
    return one;
  }
  G4RunManager() { current() = this; }
  void SetNumberOfThreads(G4int) {}
  void SetUserInitialization(G4VUserDetectorConstruction* one) { detector_.reset(one); }
  void SetUserInitialization(G4VModularPhysicsList* one) { physics_.reset(one); }
  void SetUserInitialization(G4VUserActionInitialization* one) { actions_.reset(one); }
  void Initialize() {
    detector_->Construct();
    detector_->ConstructSDandField();
    actions_->Build();
  }
  void BeamOn(G4int n_events);

 private:
  std::unique_ptr<G4VUserDetectorConstruction> detector_;
  std::unique_ptr<G4VModularPhysicsList> physics_;
  std::unique_ptr<G4VUserActionInitialization> actions_;
};

enum class G4RunManagerType { Serial, MT };
class G4RunManagerFactory {
 public:
  static G4RunManager* CreateRunManager(G4RunManagerType) { return new G4RunManager; }
};

class G4UImanager {
 public:
  static G4UImanager* GetUIpointer() {
    static G4UImanager only;
    return &only;
  }
  G4int ApplyCommand(const G4String& command) {
    std::istringstream words(command);
    std::string path, value;
    words >> path >> value;
    if (path == "/control/execute") {
      std::ifstream macro(value);
      for (std::string line; std::getline(macro, line);) ApplyCommand(line);
    }
    if (path == "/run/initialize") G4RunManager::current()->Initialize();
    if (path == "/gun/energy") standin::gun_energy() = std::stod(value) * GeV;
    if (path == "/run/beamOn") G4RunManager::current()->BeamOn(std::stoi(value));
    return 0;
  }
};
