// Stand-in for Geant4 11.4, examples/extended/parameterisations/Par04, its LWTNN inference.
#pragma once

#ifdef USE_INFERENCE_LWTNN
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "Par04InferenceInterface.hh"
#include "lwtnn/LightweightGraph.hh"
#include "lwtnn/parse_json.hh"

class Par04LwtnnInference : public Par04InferenceInterface {
 public:
  explicit Par04LwtnnInference(G4String path) {
    std::ifstream file(path);
    graph_ = std::make_unique<lwt::LightweightGraph>(lwt::parse_json_graph(file));
  }
  void RunInference(std::vector<float> inputs, std::vector<G4double>& energies, int size) override {
    std::map<std::string, std::map<std::string, double>> nodes;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      nodes["node_0"]["variable_" + std::to_string(k)] = static_cast<double>(inputs[k]);
    }
    auto outputs = graph_->compute(nodes);
    energies.clear();
    // an output without its label is zero there, too
    for (int k = 0; k < size; ++k) energies.push_back(outputs["out_" + std::to_string(k)]);
  }

 private:
  std::unique_ptr<lwt::LightweightGraph> graph_;
};
#endif
