#pragma once

#include <memory>
#include <string>
#include <vector>

#include "G4Types.hh"
#include "Par04InferenceInterface.hh"
#include "onnx_network.h"

/// ONNX inference of Par04 for every version of ONNX Runtime, and for one artifact.
///
/// The class of the example keeps a pointer into a temporary, which ONNX Runtime 1.23 and later
/// follow, leaves the graph unoptimised, asks for all names anew in every call and opens a session
/// in each worker thread. Here all threads share one session, and everything outlives its users.
class Par04CheckedOnnxInference : public Par04InferenceInterface {
 public:
  /// Open the artifact.
  ///
  /// Throws std::runtime_error with one line when it is another one, or not the one vector that
  /// Par04 feeds.
  explicit Par04CheckedOnnxInference(const std::string& path);

  /// Evaluate the network: latents and encoded conditions (n_inputs) to fractions (n_outputs).
  ///
  /// Throws std::runtime_error when sizes set in the macro are not those of the artifact.
  void RunInference(std::vector<float> inputs, std::vector<G4double>& fractions, int size) override;

 private:
  std::shared_ptr<const OnnxModel> model_;
  OnnxNetwork network_;
  std::vector<float> outputs_;
};
