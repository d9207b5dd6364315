// Stand-in for DDML of June 2025, src/Par04ExampleVAE.cc: what it feeds, and where cells stand.
//
// The mesh is that of a test, 4 x 6 x 5 cells; there it is set by properties.
#pragma once

#include <cmath>

#include "DDG4/Geant4Action.h"
#include "DDML/ModelInterface.h"
#include "G4FastTrack.hh"
#include "Randomize.hh"

namespace ddml {
class Par04ExampleVAE : public ModelInterface {
 public:
  void declareProperties(dd4hep::sim::Geant4Action*) {}
  void prepareInput(const G4FastTrack& track, const G4ThreeVector& local_direction,
                    InputVecs& inputs, TensorDimVecs& shapes, std::vector<float>& output) override {
    energy_mev_ = static_cast<float>(track.GetPrimaryTrack()->GetKineticEnergy());
    std::vector<float> vector;
    for (int k = 0; k < 10; ++k) {
      vector.push_back(static_cast<float>(CLHEP::RandGaussQ::shoot(0.0, 1.0)));
    }
    vector.push_back(energy_mev_ / 1024000.0f);
    vector.push_back(static_cast<float>(std::acos(local_direction.z()) / (M_PI / 2)));
    vector.push_back(0.0f);
    vector.push_back(1.0f);
    inputs = {vector};
    shapes = {{1, 14}};
    output.assign(4 * 6 * 5, 0.0f);
  }
  void convertOutput(const G4FastTrack&, const G4ThreeVector&, const std::vector<float>& output,
                     std::vector<SpacePointVec>& points) override {
    points.resize(5);
    for (std::size_t cell = 0; cell < output.size(); ++cell) {
      const std::size_t layer = cell % 5, j = cell / 5 % 6, i = cell / 30;
      const float rho = (static_cast<float>(i) + 0.5f) * 2.325f;
      const float phi = (static_cast<float>(j) + 0.5f) * static_cast<float>(2 * M_PI / 6);
      if (output[cell] <= 0) continue;
      points[layer].emplace_back(rho * std::cos(phi), rho * std::sin(phi), 0.0f,
                                 output[cell] * energy_mev_, 0.0f);
    }
  }

 private:
  float energy_mev_ = 0;
};
}  // namespace ddml
