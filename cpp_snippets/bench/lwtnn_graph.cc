// lwtnn's map interface: names and numbers in, names and numbers out, in double.
#include <memory>
#include <string>
#include <vector>

#include <lwtnn/LightweightGraph.hh>

#include "lwtnn_network.h"

namespace {

/// As Athena and Par04 call it: they fill new maps for every shower, and look up every output.
class Maps : public Network {
 public:
  explicit Maps(const lwt::GraphConfig& config)
      : Network(config),
        graph_(config),
        inputs_(config.inputs),
        labels_(config.outputs.begin()->second.labels) {}

  void run(const float* inputs, float* outputs) override {
    lwt::LightweightGraph::NodeMap nodes;
    for (const lwt::InputNodeConfig& input : inputs_) {
      lwt::ValueMap& variables = nodes[input.name];
      for (const lwt::Input& one : input.variables) {
        variables[one.name] = static_cast<double>(*inputs++);
      }
    }
    const lwt::ValueMap named = graph_.compute(nodes);
    for (const std::string& label : labels_) *outputs++ = static_cast<float>(named.at(label));
  }

 private:
  lwt::LightweightGraph graph_;
  std::vector<lwt::InputNodeConfig> inputs_;
  std::vector<std::string> labels_;
};

}  // namespace

std::unique_ptr<Network> make_network(const lwt::GraphConfig& config) {
  return std::make_unique<Maps>(config);
}
