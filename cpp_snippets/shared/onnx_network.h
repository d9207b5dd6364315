// The generator's network in ONNX Runtime, release 1.14 or later.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <onnxruntime_cxx_api.h>

#include "generator.h"

/// A model that is loaded and checked. One for all threads: it does not change.
class OnnxModel {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for.
  explicit OnnxModel(const std::string& path) : session_(open(path)) {
    Ort::AllocatorWithDefaultOptions allocator;
    const auto hash = session_.GetModelMetadata().LookupCustomMetadataMapAllocated(
        "caloexport.manifest_sha256", allocator);
    generator::require_same(hash ? hash.get() : "", path);
    if (session_.GetInputCount() != generator::n_feeds || session_.GetOutputCount() != 1) {
      refuse(path, "has " + std::to_string(session_.GetInputCount()) + " inputs and " +
                       std::to_string(session_.GetOutputCount()) + " outputs, expected " +
                       std::to_string(generator::n_feeds) + " and 1");
    }
    for (const generator::Feed& feed : generator::feeds) {
      input_names_.push_back(feed.name);
      input_shapes_.push_back(input_shape(path, feed));
    }
    output_shape_ =
        shape_of(path, generator::output_name, session_.GetOutputTypeInfo(0), generator::n_outputs);
  }

 private:
  friend class OnnxNetwork;

  [[noreturn]] static void refuse(const std::string& path, const std::string& reason) {
    throw std::runtime_error(path + ": " + reason.substr(0, reason.find('\n')));
  }

  /// The library's environment: one for the program, and never closed. A session must not outlive
  /// it (since release 1.23 it crashes), and the library fails where one thread closes the last
  /// environment while another opens one.
  static const Ort::Env& environment() {
    static const Ort::Env* const one = new Ort::Env(ORT_LOGGING_LEVEL_ERROR, "caloexport");
    return *one;
  }

  static Ort::Session open(const std::string& path) {
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);  // the framework's own threads make showers side by side
    options.SetInterOpNumThreads(1);
    options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
    // A session packs weights into another form when it opens. From a cache they are read faster
    // so; from memory that other processes use, too, a shower takes half as long again. Kernels for
    // 8-bit activations pack in every call what is not packed before.
    constexpr std::size_t in_cache = 4096;  // cells: some hundred weights for each
    if (generator::n_outputs > in_cache && std::string(generator::precision) != "int8-qdq") {
      options.AddConfigEntry("session.disable_prepacking", "1");
    }
    try {
      return Ort::Session(environment(), path.c_str(), options);
    } catch (const Ort::Exception& error) {
      refuse(path, std::string("ONNX Runtime rejects it: ") + error.what());
    }
  }

  /// Shape of the input that a feed names, for one shower.
  std::vector<std::int64_t> input_shape(const std::string& path, const generator::Feed& feed) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t k = 0; k < session_.GetInputCount(); ++k) {
      if (session_.GetInputNameAllocated(k, allocator).get() == std::string(feed.name)) {
        return shape_of(path, feed.name, session_.GetInputTypeInfo(k), feed.size);
      }
    }
    refuse(path, "has no input '" + std::string(feed.name) + "'");
  }

  /// Shape of a tensor for one shower; it must hold `size` numbers of the model's one type.
  std::vector<std::int64_t> shape_of(const std::string& path, const std::string& tensor,
                                     const Ort::TypeInfo& type, std::size_t size) {
    const auto info = type.GetTensorTypeAndShapeInfo();
    if (type_ == ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED) type_ = info.GetElementType();
    const bool known = type_ == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT ||
                       type_ == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE;
    if (!known || info.GetElementType() != type_) {
      refuse(path, "the numbers of '" + tensor + "' are neither all float32 nor all float64");
    }
    std::vector<std::int64_t> shape = info.GetShape();
    if (!shape.empty() && shape[0] < 0) shape[0] = 1;  // an open batch axis
    if (!shape.empty() && shape[0] != 1) {
      refuse(path, "takes " + std::to_string(shape[0]) +
                       " showers at a time, expected 1: convert it with --choose batch=1");
    }
    std::int64_t numbers = 1;
    for (const std::int64_t length : shape) numbers *= length;
    if (numbers != static_cast<std::int64_t>(size)) {
      refuse(path, "'" + tensor + "' holds " + std::to_string(numbers) + " numbers, expected " +
                       std::to_string(size));
    }
    return shape;
  }

  mutable Ort::Session session_;  // Run may be called by many threads, but is not declared const
  std::vector<const char*> input_names_;
  std::vector<std::vector<std::int64_t>> input_shapes_;
  std::vector<std::int64_t> output_shape_;
  ONNXTensorElementDataType type_ = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
};

/// The model as one thread uses it: inputs are bound to memory of its own once.
class OnnxNetwork {
 public:
  /// The model must outlive the network.
  explicit OnnxNetwork(const OnnxModel& model)
      : model_(model), memory_(Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault)) {
    if (is_double()) {
      wide_outputs_.resize(generator::n_outputs);
      bind(wide_inputs_);
    } else {
      bind(inputs_);
    }
  }
  OnnxNetwork(const OnnxNetwork&) = delete;
  OnnxNetwork& operator=(const OnnxNetwork&) = delete;

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs), written in place.
  void operator()(const float* inputs, float* outputs) {
    if (is_double()) {
      std::copy(inputs, inputs + generator::n_inputs, wide_inputs_.begin());
      run(wide_outputs_.data());
      std::transform(wide_outputs_.begin(), wide_outputs_.end(), outputs,
                     [](double value) { return static_cast<float>(value); });
    } else {
      std::copy(inputs, inputs + generator::n_inputs, inputs_.begin());
      run(outputs);
    }
  }

 private:
  bool is_double() const noexcept { return model_.type_ == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE; }

  template <class Number>
  Ort::Value tensor(Number* numbers, std::size_t size, const std::vector<std::int64_t>& shape) {
    return Ort::Value::CreateTensor<Number>(memory_, numbers, size, shape.data(), shape.size());
  }

  /// Make each input a slice of the input vector (n_inputs).
  template <class Number>
  void bind(std::vector<Number>& numbers) {
    numbers.resize(generator::n_inputs);
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const generator::Feed& feed = generator::feeds[k];
      Number* first = numbers.data() + feed.first;
      input_tensors_.push_back(tensor(first, feed.size, model_.input_shapes_[k]));
    }
  }

  template <class Number>
  void run(Number* outputs) {
    Ort::Value output = tensor(outputs, generator::n_outputs, model_.output_shape_);
    model_.session_.Run(Ort::RunOptions{nullptr}, model_.input_names_.data(), input_tensors_.data(),
                        input_tensors_.size(), &generator::output_name, &output, 1);
  }

  const OnnxModel& model_;
  Ort::MemoryInfo memory_;  // outlives the tensors that are made with it
  std::vector<float> inputs_;
  std::vector<double> wide_inputs_, wide_outputs_;  // of a model with float64 inputs and outputs
  std::vector<Ort::Value> input_tensors_;
};
