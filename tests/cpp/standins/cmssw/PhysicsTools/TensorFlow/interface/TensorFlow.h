// Stand-in for PhysicsTools/TensorFlow/interface/TensorFlow.h of CMSSW (master of 2026).
//
// It runs on TensorFlow's C library; tensors, graph and session are the few members of TensorFlow's
// C++ classes that producers touch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <tensorflow/c/c_api.h>

#include "FWCore/Utilities/interface/Exception.h"

namespace tensorflow {
// the C library exports classes of these names: ours need other symbols
inline namespace standin {

enum DataType { DT_FLOAT = 1 };
inline constexpr char kSavedModelTagServe[] = "serve";

class TensorShape {
 public:
  TensorShape(std::initializer_list<std::int64_t> lengths) : sizes(lengths) {}
  std::vector<std::int64_t> sizes;
};

/// Copies share their numbers, as those of TensorFlow do.
class Tensor {
 public:
  /// View of the numbers, as Eigen's maps are.
  template <class Number>
  class Flat {
   public:
    Flat(Number* first, std::int64_t size) : first_(first), size_(size) {}
    Number* data() const { return first_; }
    std::int64_t size() const { return size_; }

   private:
    Number* first_;
    std::int64_t size_;
  };

  Tensor(DataType, const TensorShape& shape) : shape_(shape.sizes) {
    std::int64_t size = 1;
    for (const std::int64_t length : shape_) size *= length;
    numbers_ = std::make_shared<std::vector<float>>(static_cast<std::size_t>(size));
  }
  template <class Number>
  Flat<Number> flat() {
    return {numbers_->data(), static_cast<std::int64_t>(numbers_->size())};
  }
  const std::vector<std::int64_t>& sizes() const { return shape_; }
  const std::vector<float>& numbers() const { return *numbers_; }

 private:
  std::vector<std::int64_t> shape_;
  std::shared_ptr<std::vector<float>> numbers_;
};

using NamedTensor = std::pair<std::string, Tensor>;
using NamedTensorList = std::vector<NamedTensor>;

struct Options {};
struct MetaGraphDef {
  std::string folder;
};

class Session {
 public:
  TF_Graph* graph = TF_NewGraph();
  TF_Session* session = nullptr;
};

/// Ownership passes to the caller.
inline MetaGraphDef* loadMetaGraphDef(const std::string& folder, const std::string&, Options&) {
  return new MetaGraphDef{folder};
}

/// Ownership passes to the caller, until closeSession.
inline Session* createSession(const MetaGraphDef* graph, const std::string& folder, Options&) {
  if (graph == nullptr || graph->folder != folder) {
    throw cms::Exception("InvalidMetaGraphDef") << "error while creating session";
  }
  TF_Status* status = TF_NewStatus();
  TF_SessionOptions* options = TF_NewSessionOptions();
  const char* const tag = kSavedModelTagServe;
  auto made = std::make_unique<Session>();
  made->session = TF_LoadSessionFromSavedModel(options, nullptr, folder.c_str(), &tag, 1,
                                               made->graph, nullptr, status);
  const bool done = TF_GetCode(status) == TF_OK;
  const std::string told = TF_Message(status);
  TF_DeleteSessionOptions(options);
  TF_DeleteStatus(status);
  if (!done) throw cms::Exception("InvalidMetaGraphDef") << "error while loading: " << told;
  return made.release();
}

inline bool closeSession(const Session*& session) {
  if (session == nullptr) return true;
  TF_Status* status = TF_NewStatus();
  TF_CloseSession(session->session, status);
  TF_DeleteSession(session->session, status);
  TF_DeleteGraph(session->graph);
  const bool done = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  delete session;
  session = nullptr;
  return done;
}

namespace detail {
inline TF_Output find(const Session* session, const std::string& tensor) {
  const std::size_t colon = tensor.find(':');
  TF_Operation* operation =
      TF_GraphOperationByName(session->graph, tensor.substr(0, colon).c_str());
  if (operation == nullptr) {
    throw cms::Exception("InvalidRun")
        << "error while running session: Tensor " << tensor << ", is not found in the graph";
  }
  return {operation, colon == std::string::npos ? 0 : std::atoi(tensor.c_str() + colon + 1)};
}
}  // namespace detail

/// Run in the thread of the caller ("no_threads").
inline void run(const Session* session, const NamedTensorList& inputs,
                const std::vector<std::string>& output_names, std::vector<Tensor>* outputs,
                const std::string& = "no_threads") {
  std::vector<TF_Output> fed, fetched;
  std::vector<TF_Tensor*> values, made(output_names.size());
  for (const NamedTensor& input : inputs) {
    const std::vector<std::int64_t>& sizes = input.second.sizes();
    const std::vector<float>& numbers = input.second.numbers();
    fed.push_back(detail::find(session, input.first));
    values.push_back(TF_AllocateTensor(TF_FLOAT, sizes.data(), static_cast<int>(sizes.size()),
                                       numbers.size() * sizeof(float)));
    std::copy(numbers.begin(), numbers.end(), static_cast<float*>(TF_TensorData(values.back())));
  }
  for (const std::string& name : output_names) fetched.push_back(detail::find(session, name));
  TF_Status* status = TF_NewStatus();
  TF_SessionRun(session->session, nullptr, fed.data(), values.data(),
                static_cast<int>(values.size()), fetched.data(), made.data(),
                static_cast<int>(made.size()), nullptr, 0, nullptr, status);
  const bool done = TF_GetCode(status) == TF_OK;
  const std::string told = TF_Message(status);
  TF_DeleteStatus(status);
  for (TF_Tensor* one : values) TF_DeleteTensor(one);
  if (!done) throw cms::Exception("InvalidRun") << "error while running session: " << told;
  outputs->clear();
  for (TF_Tensor* one : made) {
    const auto size = static_cast<std::int64_t>(TF_TensorElementCount(one));
    Tensor copied(DT_FLOAT, TensorShape({1, size}));
    std::copy_n(static_cast<const float*>(TF_TensorData(one)), size, copied.flat<float>().data());
    outputs->push_back(copied);
    TF_DeleteTensor(one);
  }
}

}  // namespace standin
}  // namespace tensorflow
