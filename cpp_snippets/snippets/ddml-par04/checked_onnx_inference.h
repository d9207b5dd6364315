// ONNX inference of DDML for every version of ONNX Runtime, and for one artifact.
#pragma once

#include <DDG4/Geant4Action.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "DDML/InferenceInterface.h"
#include "generator.h"
#include "onnx_network.h"
#include "open_once.h"

/// DDML's own ONNXInference keeps a pointer into a temporary, which ONNX Runtime 1.23 and later
/// follow, and leaves the graph unoptimised unless OptimizeFlag is set.
class CheckedOnnxInference : public ddml::InferenceInterface {
 public:
  /// ModelPath names the artifact; it is opened at the first shower, by all plugins together.
  void declareProperties(dd4hep::sim::Geant4Action* plugin) {
    plugin->declareProperty("ModelPath", path_);
  }

  /// Throws std::runtime_error with one line when the file is another artifact, or the steering
  /// file sets other sizes.
  void runInference(const ddml::InputVecs& inputs, const ddml::TensorDimVecs&,
                    std::vector<float>& output) override {
    if (model_ == nullptr) {
      model_ = open_once<OnnxModel>(path_);
      network_.emplace(*model_);
    }
    if (inputs.size() != 1 || inputs.front().size() != generator::n_inputs ||
        output.size() != generator::n_outputs) {
      throw std::runtime_error(path_ + ": LatentVectorSize, NCellsRho, NCellsPhi and NCellsZ are " +
                               "not those of " + generator::name);
    }
    (*network_)(inputs.front().data(), output.data());
  }

 private:
  std::string path_;
  std::shared_ptr<const OnnxModel> model_;
  std::optional<OnnxNetwork> network_;
};
