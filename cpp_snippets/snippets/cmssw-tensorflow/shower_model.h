// The generator's network in CMSSW's wrapper of TensorFlow (PhysicsTools/TensorFlow).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "PhysicsTools/TensorFlow/interface/TensorFlow.h"

#include "generator.h"
#include "tensor_names.h"

/// A SavedModel that is loaded and checked. One for all streams: it does not change.
class ShowerModel {
 public:
  /// `path` is the folder, or saved_model.pb in it, which edm::FileInPath can find.
  ///
  /// Throws std::runtime_error with one line unless the folder is the one this program was made
  /// for, and cms::Exception when TensorFlow rejects it.
  explicit ShowerModel(const std::string& path) {
    const std::string folder = path.substr(0, path.rfind("/saved_model.pb"));
    generator::require_manifest(folder);
    tensorflow::Options options;  // one thread, no GPU
    const std::unique_ptr<tensorflow::MetaGraphDef> graph(
        tensorflow::loadMetaGraphDef(folder, tensorflow::kSavedModelTagServe, options));
    session_ = tensorflow::createSession(graph.get(), folder, options);
  }
  ~ShowerModel() { tensorflow::closeSession(session_); }
  ShowerModel(const ShowerModel&) = delete;
  ShowerModel& operator=(const ShowerModel&) = delete;

  /// Evaluate named tensors to outputs (n_outputs), in the thread of the caller.
  ///
  /// Throws cms::Exception when TensorFlow fails, and std::runtime_error when the output has
  /// another size.
  void run(const tensorflow::NamedTensorList& inputs, float* outputs) const {
    std::vector<tensorflow::Tensor> made;
    tensorflow::run(session_, inputs, {output_tensor}, &made);
    const auto numbers = made.at(0).flat<float>();
    const std::int64_t size = numbers.size();
    if (size != static_cast<std::int64_t>(generator::n_outputs)) {
      throw std::runtime_error(std::string("'") + output_tensor + "' holds " +
                               std::to_string(size) + " numbers, expected " +
                               std::to_string(generator::n_outputs));
    }
    std::copy_n(numbers.data(), generator::n_outputs, outputs);
  }

 private:
  const tensorflow::Session* session_ = nullptr;
};

/// The model as one stream uses it, with input tensors of its own.
class ShowerNetwork {
 public:
  /// The model must outlive the network. Evaluates once: a model with other inputs throws here.
  explicit ShowerNetwork(const ShowerModel& model) : model_(model) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const auto size = static_cast<std::int64_t>(generator::feeds[k].size);
      inputs_.emplace_back(
          input_tensors[k],
          tensorflow::Tensor(tensorflow::DT_FLOAT, tensorflow::TensorShape({1, size})));
      std::fill_n(inputs_[k].second.flat<float>().data(), size, 0.0f);
    }
    std::vector<float> outputs(generator::n_outputs);
    model_.run(inputs_, outputs.data());
  }

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs).
  void operator()(const float* inputs, float* outputs) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const generator::Feed& feed = generator::feeds[k];
      std::copy_n(inputs + feed.first, feed.size, inputs_[k].second.flat<float>().data());
    }
    model_.run(inputs_, outputs);
  }

 private:
  const ShowerModel& model_;
  tensorflow::NamedTensorList inputs_;
};
