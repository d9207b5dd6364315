// Stand-in for Gaussino's GaussinoONNX/ONNXModelServer.h (2024), with the real ONNX Runtime.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <onnxruntime_cxx_api.h>

#include "GaudiKernel/GaudiException.h"

namespace Gsino::ML::ONNX {

template <class Type>
struct IsVector : std::false_type {};
template <class Number>
struct IsVector<std::vector<Number>> : std::true_type {};

/// Evaluates a model; inputs go by their place.
class ModelServer {
 public:
  explicit ModelServer(const std::string& path)
      : environment_(ORT_LOGGING_LEVEL_ERROR, "gaussino"),
        session_(environment_, path.c_str(), Ort::SessionOptions{}),
        memory_(Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t k = 0; k < session_.GetInputCount(); ++k) {
      names_.push_back(session_.GetInputNameAllocated(k, allocator).get());
      shapes_.push_back(session_.GetInputTypeInfo(k).GetTensorTypeAndShapeInfo().GetShape());
      for (std::int64_t& length : shapes_.back()) length = length < 0 ? 1 : length;
    }
    output_ = session_.GetOutputNameAllocated(0, allocator).get();
  }

  template <class Output, class... Inputs>
  Output evaluate(Inputs&&... inputs) const {
    static_assert(IsVector<Output>::value, "the only output that is stood in for");
    try {
      std::vector<Ort::Value> tensors;
      (tensors.push_back(tensor(inputs, tensors.size())), ...);
      std::vector<const char*> names;
      for (const std::string& name : names_) names.push_back(name.c_str());
      const char* const output = output_.c_str();
      std::vector<Ort::Value> results = session_.Run(Ort::RunOptions{nullptr}, names.data(),
                                                     tensors.data(), tensors.size(), &output, 1);
      const auto* first = results[0].GetTensorData<typename Output::value_type>();
      return {first, first + results[0].GetTensorTypeAndShapeInfo().GetElementCount()};
    } catch (const Ort::Exception& reason) {
      throw GaudiException(reason.what(), "Gsino::ML::ONNX::ModelServer", StatusCode::FAILURE);
    }
  }

 private:
  /// As in the framework: vectors get the shape of the model, numbers one axis, and a vector that
  /// is const is none of both.
  template <class Input>
  Ort::Value tensor(Input& input, std::size_t k) const {
    if constexpr (std::is_arithmetic_v<Input>) {
      const std::int64_t one = 1;
      return Ort::Value::CreateTensor<Input>(memory_, &input, 1, &one, 1);
    } else if constexpr (IsVector<Input>::value) {
      const std::vector<std::int64_t>& shape = shapes_.at(k);
      return Ort::Value::CreateTensor<typename Input::value_type>(
          memory_, input.data(), input.size(), shape.data(), shape.size());
    } else {
      throw GaudiException("Unsupported input type.", "Gsino::ML::ONNX::ModelServer",
                           StatusCode::FAILURE);
    }
  }

  Ort::Env environment_;
  mutable Ort::Session session_;
  Ort::MemoryInfo memory_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::int64_t>> shapes_;
  std::string output_;
};

}  // namespace Gsino::ML::ONNX
