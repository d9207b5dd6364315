// The network in ONNX Runtime behind the interface of FastCaloSim's handlers.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "network_maps.h"
#include "onnx_network.h"

namespace {  // a program may have several slices

/// Does what TFCSONNXHandler does, and keeps an Ort::Env to the end of the program:
/// without it, ONNX Runtime 1.23 and later end the program in the first call.
///
/// One for all threads; `compute` may be called by many of them at the same time.
class GanNetwork {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for.
  explicit GanNetwork(const std::string& path) : model_(path) {}

  /// As VNetworkBase::compute.
  fastcalosim::NetworkOutputs compute(const fastcalosim::NetworkInputs& nodes) const {
    std::array<float, generator::n_inputs> inputs;
    std::vector<float> outputs(generator::n_outputs);
    maps_.read(nodes, inputs.data());
    OnnxNetwork network(model_);  // a few bytes beside the maps; nothing is shared by threads
    network(inputs.data(), outputs.data());
    return maps_.write(outputs.data());
  }

 private:
  OnnxModel model_;
  fastcalosim::NetworkMaps maps_;
};

}  // namespace
