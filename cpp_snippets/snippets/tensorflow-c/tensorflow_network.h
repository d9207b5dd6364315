// The generator's network in TensorFlow's C library, release 2.10 or later.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <tensorflow/c/c_api.h>

#include "generator.h"
#include "tensor_names.h"

/// Owners of what the C library hands out.
struct TensorFlowDeleter {
  void operator()(TF_Status* one) const noexcept { TF_DeleteStatus(one); }
  void operator()(TF_SessionOptions* one) const noexcept { TF_DeleteSessionOptions(one); }
  void operator()(TF_Graph* one) const noexcept { TF_DeleteGraph(one); }
  void operator()(TF_Tensor* one) const noexcept { TF_DeleteTensor(one); }
  void operator()(TF_Session* one) const noexcept {
    TF_Status* status = TF_NewStatus();
    TF_CloseSession(one, status);
    TF_DeleteSession(one, status);
    TF_DeleteStatus(status);
  }
};
template <class Object>
using TensorFlowPointer = std::unique_ptr<Object, TensorFlowDeleter>;

/// A SavedModel that is loaded and checked. One for all threads: it does not change.
class TensorFlowModel {
 public:
  /// Throws std::runtime_error with one line unless the folder is the one this program was made
  /// for.
  explicit TensorFlowModel(const std::string& folder) : folder_(folder) {
    generator::require_manifest(folder);
    load();
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      inputs_.push_back(find(input_tensors[k]));
      input_shapes_.push_back(shape_of(inputs_[k], input_tensors[k], generator::feeds[k].size));
    }
    output_ = find(output_tensor);
    shape_of(output_, output_tensor, generator::n_outputs);
  }

 private:
  friend class TensorFlowNetwork;

  [[noreturn]] void refuse(const std::string& reason) const {
    throw std::runtime_error(folder_ + ": " + reason.substr(0, reason.find('\n')));
  }

  void load() {
    // A serialised ConfigProto: intra_op_parallelism_threads (field 2) = 1, and
    // inter_op_parallelism_threads (field 5) = -1: each call runs in the thread that makes it.
    constexpr unsigned char config[] = {0x10, 0x01, 0x28, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
    const TensorFlowPointer<TF_Status> status(TF_NewStatus());
    const TensorFlowPointer<TF_SessionOptions> options(TF_NewSessionOptions());
    TF_SetConfig(options.get(), config, sizeof config, status.get());
    const char* const tag = "serve";
    session_.reset(TF_LoadSessionFromSavedModel(options.get(), nullptr, folder_.c_str(), &tag, 1,
                                                graph_.get(), nullptr, status.get()));
    if (TF_GetCode(status.get()) != TF_OK) {
      refuse(std::string("TensorFlow rejects it: ") + TF_Message(status.get()));
    }
  }

  /// Return the tensor `operation:number` of the graph.
  TF_Output find(const std::string& tensor) const {
    const std::size_t colon = tensor.find(':');
    const std::string operation = tensor.substr(0, colon);
    const int number = std::atoi(tensor.c_str() + colon + 1);
    const TF_Output found{TF_GraphOperationByName(graph_.get(), operation.c_str()), number};
    if (found.oper == nullptr || TF_OperationNumOutputs(found.oper) <= number) {
      refuse("has no tensor '" + tensor + "'");
    }
    return found;
  }

  /// Shape of a tensor for one shower; it must hold `size` numbers in float32.
  std::vector<std::int64_t> shape_of(TF_Output output, const std::string& tensor,
                                     std::size_t size) const {
    if (TF_OperationOutputType(output) != TF_FLOAT) {
      refuse("the numbers of '" + tensor + "' are not float32");
    }
    const TensorFlowPointer<TF_Status> status(TF_NewStatus());
    const int rank = TF_GraphGetTensorNumDims(graph_.get(), output, status.get());
    std::vector<std::int64_t> shape(static_cast<std::size_t>(std::max(rank, 0)));
    TF_GraphGetTensorShape(graph_.get(), output, shape.data(), rank, status.get());
    if (!shape.empty() && shape[0] < 0) shape[0] = 1;  // an open batch axis
    std::int64_t numbers = 1;
    for (const std::int64_t length : shape) numbers *= length;
    if (numbers != static_cast<std::int64_t>(size)) {
      refuse("'" + tensor + "' holds " + std::to_string(numbers) + " numbers, expected " +
             std::to_string(size));
    }
    return shape;
  }

  std::string folder_;
  TensorFlowPointer<TF_Graph> graph_{TF_NewGraph()};
  TensorFlowPointer<TF_Session> session_;  // behind the graph, which it reads
  std::vector<TF_Output> inputs_;
  std::vector<std::vector<std::int64_t>> input_shapes_;
  TF_Output output_{};
};

/// The model as one thread uses it, with input tensors of its own.
class TensorFlowNetwork {
 public:
  /// The model must outlive the network.
  explicit TensorFlowNetwork(const TensorFlowModel& model) : model_(model) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const std::vector<std::int64_t>& shape = model.input_shapes_[k];
      inputs_.emplace_back(TF_AllocateTensor(TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                             generator::feeds[k].size * sizeof(float)));
      input_pointers_.push_back(inputs_.back().get());
    }
  }

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs).
  ///
  /// Throws std::runtime_error where TensorFlow fails, for example without memory.
  void operator()(const float* inputs, float* outputs) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const generator::Feed& feed = generator::feeds[k];
      std::copy_n(inputs + feed.first, feed.size,
                  static_cast<float*>(TF_TensorData(input_pointers_[k])));
    }
    TF_Tensor* made = nullptr;
    TF_SessionRun(model_.session_.get(), nullptr, model_.inputs_.data(), input_pointers_.data(),
                  static_cast<int>(input_pointers_.size()), &model_.output_, &made, 1, nullptr, 0,
                  nullptr, status_.get());
    const TensorFlowPointer<TF_Tensor> output(made);
    if (TF_GetCode(status_.get()) != TF_OK) model_.refuse(TF_Message(status_.get()));
    std::copy_n(static_cast<const float*>(TF_TensorData(made)), generator::n_outputs, outputs);
  }

 private:
  const TensorFlowModel& model_;
  TensorFlowPointer<TF_Status> status_{TF_NewStatus()};
  std::vector<TensorFlowPointer<TF_Tensor>> inputs_;
  std::vector<TF_Tensor*> input_pointers_;
};
