// Stand-in for PhysicsTools/ONNXRuntime/interface/ONNXRuntime.h of CMSSW (master of 2026).
//
// It runs on the real library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <onnxruntime_cxx_api.h>

#include "FWCore/Utilities/interface/Exception.h"

namespace cms::Ort {

using FloatArrays = std::vector<std::vector<float>>;

/// A session with one thread; the leading axis of every input becomes the batch size.
class ONNXRuntime {
 public:
  explicit ONNXRuntime(const std::string& model_path)
      : session_(environment(), model_path.c_str(), one_thread()) {
    ::Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t k = 0; k < session_.GetInputCount(); ++k) {
      inputs_.emplace_back(session_.GetInputNameAllocated(k, allocator).get());
      shapes_[inputs_[k]] = session_.GetInputTypeInfo(k).GetTensorTypeAndShapeInfo().GetShape();
    }
    for (std::size_t k = 0; k < session_.GetOutputCount(); ++k) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(k, allocator).get());
      shapes_[outputs_[k]] = session_.GetOutputTypeInfo(k).GetTensorTypeAndShapeInfo().GetShape();
      shapes_[outputs_[k]].at(0) = -1;
    }
  }
  ONNXRuntime(const ONNXRuntime&) = delete;
  ONNXRuntime& operator=(const ONNXRuntime&) = delete;

  /// Arrays in the order of the names; no output names means all outputs.
  FloatArrays run(const std::vector<std::string>& input_names, FloatArrays& input_values,
                  const std::vector<std::vector<std::int64_t>>& input_shapes = {},
                  const std::vector<std::string>& output_names = {},
                  std::int64_t batch_size = 1) const {
    if (!input_shapes.empty()) throw Exception("Standin") << "no shapes for open axes here";
    const auto memory = ::Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    std::vector<::Ort::Value> tensors;
    std::vector<const char*> fed, fetched;
    for (const std::string& name : inputs_) {
      const auto found = std::find(input_names.begin(), input_names.end(), name);
      if (found == input_names.end()) {
        throw Exception("RuntimeError") << "Input " << name << " is not provided!";
      }
      std::vector<float>& value =
          input_values[static_cast<std::size_t>(found - input_names.begin())];
      std::vector<std::int64_t> shape = shapes_.at(name);
      shape.at(0) = batch_size;
      std::int64_t expected = 1;
      for (const std::int64_t length : shape) expected *= length;
      if (expected != static_cast<std::int64_t>(value.size())) {
        throw Exception("RuntimeError") << "Input array " << name << " has a wrong size of "
                                        << value.size() << ", expected " << expected;
      }
      tensors.push_back(::Ort::Value::CreateTensor<float>(memory, value.data(), value.size(),
                                                          shape.data(), shape.size()));
      fed.push_back(name.c_str());
    }
    for (const std::string& name : output_names.empty() ? outputs_ : output_names) {
      fetched.push_back(name.c_str());
    }
    const std::vector<::Ort::Value> made =
        session_.Run(::Ort::RunOptions{nullptr}, fed.data(), tensors.data(), tensors.size(),
                     fetched.data(), fetched.size());
    FloatArrays arrays;
    for (const ::Ort::Value& one : made) {
      const float* first = one.GetTensorData<float>();
      arrays.emplace_back(first, first + one.GetTensorTypeAndShapeInfo().GetElementCount());
    }
    return arrays;
  }

  const std::vector<std::string>& getOutputNames() const { return outputs_; }
  /// The leading axis is -1.
  const std::vector<std::int64_t>& getOutputShape(const std::string& output_name) const {
    return shapes_.at(output_name);
  }

 private:
  static const ::Ort::Env& environment() {
    static const ::Ort::Env one(ORT_LOGGING_LEVEL_ERROR, "");
    return one;
  }
  static ::Ort::SessionOptions one_thread() {
    ::Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);
    return options;
  }

  mutable ::Ort::Session session_;
  std::vector<std::string> inputs_, outputs_;
  std::map<std::string, std::vector<std::int64_t>> shapes_;
};

}  // namespace cms::Ort
