// The generator's network in CMSSW's wrapper of ONNX Runtime (PhysicsTools/ONNXRuntime).
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "PhysicsTools/ONNXRuntime/interface/ONNXRuntime.h"

#include "generator.h"
#include "onnx_manifest_hash.h"

/// A model that is loaded and checked. One for all streams: it does not change.
class ShowerModel {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for,
  /// and cms::Exception when ONNX Runtime rejects it.
  explicit ShowerModel(const std::string& path) : session_(checked(path)) {
    const std::vector<std::string>& outputs = session_.getOutputNames();
    if (outputs.size() != 1 || outputs[0] != generator::output_name) {
      throw std::runtime_error(path + ": has no single output '" + generator::output_name + "'");
    }
    std::int64_t numbers = -1;  // the wrapper calls the batch axis -1
    for (const std::int64_t length : session_.getOutputShape(generator::output_name)) {
      numbers *= length;
    }
    if (numbers != static_cast<std::int64_t>(generator::n_outputs)) {
      throw std::runtime_error(path + ": gives " + std::to_string(numbers) + " numbers, expected " +
                               std::to_string(generator::n_outputs));
    }
  }

  /// Evaluate: one array for each of generator::feeds, to outputs (n_outputs).
  void run(cms::Ort::FloatArrays& inputs, float* outputs) const {
    const cms::Ort::FloatArrays made = session_.run(names_, inputs, {}, {generator::output_name});
    std::copy(made[0].begin(), made[0].end(), outputs);
  }

 private:
  /// Return the path of a file that carries the manifest hash: the wrapper hides the metadata.
  static const std::string& checked(const std::string& path) {
    generator::require_same(onnx_manifest_hash(path), path);
    return path;
  }
  static std::vector<std::string> input_names() {
    std::vector<std::string> names;
    for (const generator::Feed& feed : generator::feeds) names.emplace_back(feed.name);
    return names;
  }

  const cms::Ort::ONNXRuntime session_;
  const std::vector<std::string> names_ = input_names();
};

/// The model as one stream uses it, with input arrays of its own.
class ShowerNetwork {
 public:
  /// The model must outlive the network. Evaluates once: a model with other inputs throws here.
  explicit ShowerNetwork(const ShowerModel& model) : model_(model) {
    for (const generator::Feed& feed : generator::feeds) inputs_.emplace_back(feed.size, 0.0f);
    std::vector<float> outputs(generator::n_outputs);
    model_.run(inputs_, outputs.data());
  }

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs).
  void operator()(const float* inputs, float* outputs) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const generator::Feed& feed = generator::feeds[k];
      std::copy_n(inputs + feed.first, feed.size, inputs_[k].begin());
    }
    model_.run(inputs_, outputs);
  }

 private:
  const ShowerModel& model_;
  cms::Ort::FloatArrays inputs_;
};
