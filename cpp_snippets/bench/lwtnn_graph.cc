// lwtnn's map interface: names and numbers in, names and numbers out, in double.
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <lwtnn/LightweightGraph.hh>

#include "lwtnn_network.h"

namespace {

class Maps : public Network {
 public:
  explicit Maps(const lwt::GraphConfig& config) : Network(config), graph_(config) {
    for (const lwt::InputNodeConfig& input : config.inputs) {
      lwt::ValueMap& variables = nodes_[input.name];
      // entries of a map stay where they are, so names are looked up only once
      for (const lwt::Input& one : input.variables) inputs_.push_back(&variables[one.name]);
    }
    const std::vector<std::string>& labels = config.outputs.begin()->second.labels;
    std::map<std::string, std::size_t> sorted;
    for (std::size_t k = 0; k < labels.size(); ++k) sorted[labels[k]] = k;
    for (const auto& entry : sorted) numbers_.push_back(entry.second);
  }

  void run(const float* inputs, float* outputs) override {
    for (double* value : inputs_) *value = static_cast<double>(*inputs++);
    const lwt::ValueMap named = graph_.compute(nodes_);
    auto number = numbers_.begin();
    for (const auto& entry : named) outputs[*number++] = static_cast<float>(entry.second);
  }

 private:
  lwt::LightweightGraph graph_;
  lwt::LightweightGraph::NodeMap nodes_;
  std::vector<double*> inputs_;
  std::vector<std::size_t> numbers_;  // of the outputs in the order of their names
};

}  // namespace

std::unique_ptr<Network> make_network(const lwt::GraphConfig& config) {
  return std::make_unique<Maps>(config);
}
