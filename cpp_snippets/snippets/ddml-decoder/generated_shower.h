// The generated decoder as a model of DDML: no inference library, all conditions.
#pragma once

#include <DDG4/Geant4Action.h>

#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "CLHEP/Units/SystemOfUnits.h"
#include "DDML/InferenceInterface.h"
#include "DDML/ModelInterface.h"
#include "G4FastTrack.hh"
#include "G4ThreeVector.hh"
#include "G4Track.hh"
#include "Randomize.hh"
#include "generator.h"
#include "open_once.h"
#include "track_conditions.h"

/// Draws a shower and puts its cells into DDML's frame, whose z axis is the normal of the layers.
///
/// Angles: DDML counts from the normal, training from the axis of the barrel; perpendicular is 0
/// here and 90 degrees there. A particle flatter than trained is taken at the end of the range,
/// because DDML decides before the angle is known. Azimuth: cells stand where training put them;
/// DDML's own Par04ExampleVAE counts from 0 instead of -pi and turns the same file's showers by pi.
class GeneratedShower : public ddml::ModelInterface {
 public:
  /// WeightsPath names the weights file; Choose takes a condition and its category in turn, as in
  /// {"geometry", "siw"}.
  void declareProperties(dd4hep::sim::Geant4Action* plugin) {
    plugin->declareProperty("WeightsPath", path_);
    plugin->declareProperty("Choose", choices_);
  }

  /// Draw the shower; DDML's inference has nothing left to do.
  ///
  /// Throws std::runtime_error with one line when weights, categories or conditions are not those
  /// of the generator.
  void prepareInput(const G4FastTrack& track, const G4ThreeVector& local_direction,
                    ddml::InputVecs& inputs, ddml::TensorDimVecs& shapes,
                    std::vector<float>& output) override {
    if (decoder_ == nullptr) open();
    const double theta = CLHEP::pi / 2 - std::acos(std::fmin(1.0, local_direction.z()));
    const double phi = std::atan2(local_direction.y(), local_direction.x());
    const generator::Conditions conditions = generator::track_conditions(
        track.GetPrimaryTrack()->GetKineticEnergy(), theta, phi, chosen_);
    const generator::Status status =
        decoder_->sample(conditions, standard_number, *shower_, generator::OutOfRange::clamp);
    if (status != generator::Status::ok) throw std::runtime_error(generator::message(status));
    inputs.clear();
    shapes.clear();
    output.clear();
  }

  /// Cells as points from the entry on, by layer; DDML adds the depth of its layers.
  void convertOutput(const G4FastTrack&, const G4ThreeVector&, const std::vector<float>&,
                     std::vector<ddml::SpacePointVec>& points) override {
    points.resize(generator::n_z);
    for (ddml::SpacePointVec& layer : points) layer.clear();
    for (const generator::Cell& cell : shower_->cells()) {
      const generator::Position centre = generator::position(cell.index);
      const auto x_mm = static_cast<float>(centre.r_mm * std::cos(centre.phi_rad));
      const auto y_mm = static_cast<float>(centre.r_mm * std::sin(centre.phi_rad));
      points[static_cast<std::size_t>(centre.layer)].emplace_back(x_mm, y_mm, 0.0f, cell.energy_mev,
                                                                  0.0f);
    }
  }

 private:
  static double standard_number() {
    return generator::noise_is_normal ? G4RandGauss::shoot(0.0, 1.0) : G4UniformRand();
  }

  void open() {
    for (std::size_t k = 0; k + 1 < choices_.size(); k += 2) {
      if (generator::choose(chosen_, choices_[k], choices_[k + 1])) continue;
      throw std::runtime_error("Choose: " + choices_[k] + " has no category " + choices_[k + 1]);
    }
    decoder_ = open_once<generator::Decoder>(path_);
    shower_.emplace(*decoder_);
  }

  std::string path_;
  std::vector<std::string> choices_;
  generator::Conditions chosen_;
  std::shared_ptr<const generator::Decoder> decoder_;
  std::optional<generator::Shower> shower_;
};

/// DDML wants an inference: the decoder has done its work before.
class NoInference : public ddml::InferenceInterface {
 public:
  void declareProperties(dd4hep::sim::Geant4Action*) {}
  void runInference(const ddml::InputVecs&, const ddml::TensorDimVecs&,
                    std::vector<float>&) override {}
};
