// lwtnn's fast interface: vectors in, a vector out, in float.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lwtnn/InputOrder.hh>
#include <lwtnn/generic/FastGraph.hh>

#include "lwtnn_network.h"

namespace {

class Vectors : public Network {
 public:
  explicit Vectors(const lwt::GraphConfig& config)
      : Network(config), graph_(config, file_order(config)) {
    for (const lwt::InputNodeConfig& input : config.inputs) {
      nodes_.emplace_back(static_cast<Eigen::Index>(input.variables.size()));
    }
  }

  void run(const float* inputs, float* outputs) override {
    for (lwt::VectorX<float>& node : nodes_) {
      std::copy_n(inputs, node.size(), node.data());
      inputs += node.size();
    }
    const lwt::VectorX<float> values = graph_.compute(nodes_);
    std::copy_n(values.data(), values.size(), outputs);
  }

 private:
  static lwt::InputOrder file_order(const lwt::GraphConfig& config) {
    lwt::InputOrder order;
    for (const lwt::InputNodeConfig& input : config.inputs) {
      std::vector<std::string> variables;
      for (const lwt::Input& one : input.variables) variables.push_back(one.name);
      order.scalar.emplace_back(input.name, std::move(variables));
    }
    return order;
  }

  lwt::generic::FastGraph<float> graph_;
  lwt::generic::NodeVec<float> nodes_;
};

}  // namespace

std::unique_ptr<Network> make_network(const lwt::GraphConfig& config) {
  return std::make_unique<Vectors>(config);
}
