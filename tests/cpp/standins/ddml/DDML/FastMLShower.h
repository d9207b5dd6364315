// Stand-in for DDML of June 2025, include/DDML/FastMLShower.h: the order of calls for a shower.
#pragma once

#include <utility>

#include "DDG4/Geant4Action.h"
#include "DDML/DDML.h"
#include "G4FastTrack.hh"

namespace standin {
/// A plugin as a test sees it: properties, trigger, and points in the frame of the layers.
struct FastShower {
  virtual ~FastShower() = default;
  virtual bool check_trigger(const G4FastTrack& track) = 0;
  virtual std::vector<ddml::SpacePointVec> shower(const G4FastTrack& track) = 0;
  dd4hep::sim::Geant4Action action;
};
}  // namespace standin

namespace ddml {
struct AlwaysTrueTrigger {
  bool check_trigger(const G4FastTrack&) { return true; }
};

template <class Inference, class Model, class Geometry, class HitMaker,
          class Trigger = AlwaysTrueTrigger>
struct FastMLModel {
  Inference inference = {};
  Model model = {};
  Geometry geometry = {};
  Trigger trigger{};

  void declareProperties(dd4hep::sim::Geant4Action* plugin) {
    model.declareProperties(plugin);
    inference.declareProperties(plugin);
    geometry.declareProperties(plugin);
  }
};

template <class Model>
class FastMLShower : public standin::FastShower {
 public:
  FastMLShower() { model_.declareProperties(&action); }
  bool check_trigger(const G4FastTrack& track) override {
    return model_.trigger.check_trigger(track);
  }
  std::vector<SpacePointVec> shower(const G4FastTrack& track) override {
    for (auto& input : inputs_) input.clear();
    output_.clear();
    for (auto& layer : points_) layer.clear();
    const G4ThreeVector direction = model_.geometry.localDirection(track);
    model_.model.prepareInput(track, direction, inputs_, shapes_, output_);
    model_.inference.runInference(inputs_, shapes_, output_);
    model_.model.convertOutput(track, direction, output_, points_);
    return points_;
  }

 private:
  Model model_;
  InputVecs inputs_;
  TensorDimVecs shapes_;
  std::vector<float> output_;
  std::vector<SpacePointVec> points_;
};
}  // namespace ddml
