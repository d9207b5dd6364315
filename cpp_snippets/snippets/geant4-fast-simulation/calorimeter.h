// A calorimeter like that of the training sample, to try the fast simulation with: replace it by
// yours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "G4Box.hh"
#include "G4LogicalVolume.hh"
#include "G4Material.hh"
#include "G4NistManager.hh"
#include "G4PVPlacement.hh"
#include "G4ProductionCuts.hh"
#include "G4Region.hh"
#include "G4SDManager.hh"
#include "G4SystemOfUnits.hh"
#include "G4Tubs.hh"
#include "G4VUserDetectorConstruction.hh"
#include "deposited_energy.h"
#include "generator.h"
#include "open_once.h"
#include "shower_model.h"

/// Barrel of tungsten and silicon layers around the z axis, as in Geant4's example Par04.
class Calorimeter : public G4VUserDetectorConstruction {
 public:
  /// `weights` names the file of the decoder; the others are what a track does not tell.
  Calorimeter(const std::string& weights, const generator::Conditions& chosen,
              const generator::CellSize& size)
      : decoder_(open_once<generator::Decoder>(weights)), chosen_(chosen), size_(size) {}

  G4VPhysicalVolume* Construct() override {
    G4Material* air = G4NistManager::Instance()->FindOrBuildMaterial("G4_AIR");
    auto* world = new G4LogicalVolume(new G4Box("World", 2 * m, 2 * m, 2 * m), air, "World");
    auto* envelope = tube("Calorimeter", inner_radius, n_layers * (passive + active), "G4_AIR");
    new G4PVPlacement(nullptr, {}, envelope, "Calorimeter", world, false, 0);
    for (int layer = 0; layer < n_layers; ++layer) {
      const double radius = inner_radius + layer * (passive + active);
      place(tube("Passive", radius, passive, "G4_W"), envelope, layer);
      place(tube("Active", radius + passive, active, "G4_Si"), envelope, layer);
    }
    // the region of the fast simulation: its models see particles from this surface on
    region_ = new G4Region("Calorimeter");
    region_->SetProductionCuts(new G4ProductionCuts);
    region_->AddRootLogicalVolume(envelope);
    return new G4PVPlacement(nullptr, {}, world, "World", nullptr, false, 0);
  }

  /// Geant4 calls it in each worker thread: a model and a sensitive detector for each.
  void ConstructSDandField() override {
    auto* deposited = new DepositedEnergy("DepositedEnergy");
    G4SDManager::GetSDMpointer()->AddNewDetector(deposited);
    for (G4LogicalVolume* layer : layers_) SetSensitiveDetector(layer, deposited);
    new generator::ShowerModel("ShowerModel", region_, decoder_, chosen_, size_);
  }

  /// Region of the fast simulation, once the volumes are built.
  G4Region* region() const { return region_; }

 private:
  static constexpr int n_layers = 90;
  static constexpr double inner_radius = 80 * cm, half_length = 1 * m;
  static constexpr double passive = 1.4 * mm, active = 0.3 * mm;

  static G4LogicalVolume* tube(const G4String& name, double radius, double thickness,
                               const G4String& material) {
    auto* solid = new G4Tubs(name, radius, radius + thickness, half_length, 0, 360 * deg);
    return new G4LogicalVolume(solid, G4NistManager::Instance()->FindOrBuildMaterial(material),
                               name);
  }

  void place(G4LogicalVolume* layer, G4LogicalVolume* envelope, int number) {
    new G4PVPlacement(nullptr, {}, layer, layer->GetName(), envelope, false, number);
    layers_.push_back(layer);
  }

  std::shared_ptr<const generator::Decoder> decoder_;
  generator::Conditions chosen_;
  generator::CellSize size_;
  G4Region* region_ = nullptr;
  std::vector<G4LogicalVolume*> layers_;
};
