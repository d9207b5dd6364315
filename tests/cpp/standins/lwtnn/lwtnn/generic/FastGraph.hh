// Stand-in for lwtnn 2.14.1's lwtnn/generic/FastGraph.hh: graphs without sequences.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "lwtnn/Exceptions.hh"
#include "lwtnn/InputOrder.hh"
#include "lwtnn/generic/eigen_typedefs.hh"
#include "lwtnn/lightweight_network_config.hh"
#include "standin/network.hh"

namespace lwt {
namespace generic {

template <class T>
using NodeVec = std::vector<VectorX<T>>;
template <class T>
using SeqNodeVec = std::vector<MatrixX<T>>;

/// Vectors in the caller's order in, a vector in the node's order out.
template <class T>
class FastGraph {
 public:
  FastGraph(const GraphConfig& config, const InputOrder& order, std::string default_output = "")
      : network_(config), config_(config) {
    for (const InputNodeConfig& input : config.inputs) {
      const auto node = std::find_if(order.scalar.begin(), order.scalar.end(),
                                     [&](const auto& one) { return one.first == input.name; });
      if (node == order.scalar.end()) {
        throw NNConfigurationException("Missing node " + input.name);
      }
      places_.push_back({static_cast<std::size_t>(node - order.scalar.begin()), {}});
      for (const Input& variable : input.variables) {
        const auto& names = node->second;
        const auto name = std::find(names.begin(), names.end(), variable.name);
        if (name == names.end()) {
          throw NNConfigurationException("Missing variable " + variable.name);
        }
        places_.back().variables.push_back(name - names.begin());
      }
    }
    default_ = standin::default_output(config, default_output);
  }
  ~FastGraph() = default;
  FastGraph(FastGraph&) = delete;
  FastGraph& operator=(FastGraph&) = delete;

  VectorX<T> compute(const NodeVec<T>& nodes, const SeqNodeVec<T>& sequences = {}) const {
    return compute(nodes, sequences, default_);
  }

  VectorX<T> compute(const NodeVec<T>& nodes, const SeqNodeVec<T>&, std::size_t output) const {
    const std::vector<T> values =
        network_.at(output, [&](std::size_t input) { return scaled(input, nodes); });
    VectorX<T> copied(static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), copied.data());
    return copied;
  }

 private:
  /// Where the caller passes an input node, and each of its variables.
  struct Place {
    std::size_t node;
    std::vector<Eigen::Index> variables;
  };

  std::vector<T> scaled(std::size_t number, const NodeVec<T>& nodes) const {
    const InputNodeConfig& input = config_.inputs.at(number);
    const Place& place = places_.at(number);
    if (place.node >= nodes.size()) {
      throw NNEvaluationException("only " + std::to_string(nodes.size()) + " inputs were given");
    }
    std::vector<T> values;
    for (std::size_t k = 0; k < input.variables.size(); ++k) {
      if (place.variables[k] >= nodes[place.node].rows()) {
        throw NNEvaluationException("index " + std::to_string(place.variables[k]) +
                                    " is out of range");
      }
      const Input& variable = input.variables[k];
      values.push_back((nodes[place.node](place.variables[k]) + static_cast<T>(variable.offset)) *
                       static_cast<T>(variable.scale));
    }
    return values;
  }

  standin::Network<T> network_;
  GraphConfig config_;
  std::vector<Place> places_;
  std::size_t default_ = 0;
};

}  // namespace generic
}  // namespace lwt
