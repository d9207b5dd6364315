// The generated decoder as a network of FastCaloSim.
#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "FastCaloSim/Core/VNetworkBase.h"

#include "generator.h"
#include "network_maps.h"
#include "open_once.h"

namespace {  // a program may have several slices

/// Computes in float32 with the weights of one file, without lwtnn or ONNX Runtime.
///
/// `compute` may be called by many threads at once. All objects share the weights.
class GanNetwork : public VNetworkBase {
 public:
  /// Throws std::runtime_error with one line unless the weights are those of this program.
  explicit GanNetwork(const std::string& weights_path)
      : VNetworkBase(weights_path), decoder_(open_once<generator::Decoder>(weights_path)) {}

  NetworkOutputs compute(NetworkInputs const& inputs) const override {
    static thread_local Memory memory;
    maps_.read(inputs, memory.inputs);
    decoder_->run(memory.inputs, memory.outputs.data(), memory.shower);
    return maps_.write(memory.outputs.data());
  }

  std::vector<std::string> getOutputLayers() const override {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < generator::n_outputs; ++k) names.push_back(std::to_string(k));
    return names;
  }

  using VNetworkBase::writeNetToTTree;

  /// Not possible: throws std::runtime_error. The network is code, its weights a file of their own.
  void writeNetToTTree(TTree&) override {
    throw std::runtime_error(m_inputFile + ": a compiled network cannot be kept in a ROOT file");
  }

  /// There is nothing beside the network.
  void deleteAllButNet() override {}

 protected:
  void setupPersistedVariables() override {}
  void setupNet() override {}
  void print(std::ostream& stream) const override {
    stream << generator::name << " with " << generator::name_of(decoder_->instructions())
           << " instructions, " << m_inputFile;
  }

 private:
  /// What a thread needs for any object of this class.
  struct Memory {
    generator::Shower shower;
    float inputs[generator::n_inputs];
    std::vector<float> outputs = std::vector<float>(generator::n_outputs);
  };

  std::shared_ptr<const generator::Decoder> decoder_;
  fastcalosim::NetworkMaps maps_;
};

}  // namespace
