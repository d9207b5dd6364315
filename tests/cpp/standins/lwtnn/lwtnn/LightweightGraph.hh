// Stand-in for lwtnn 2.14.1's lwtnn/LightweightGraph.hh: graphs without sequences.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lwtnn/Exceptions.hh"
#include "lwtnn/lightweight_network_config.hh"
#include "standin/network.hh"

namespace lwt {

typedef std::map<std::string, double> ValueMap;

/// Maps in, map out, in double.
class LightweightGraph {
 public:
  typedef std::map<std::string, ValueMap> NodeMap;
  typedef std::map<std::string, VectorMap> SeqNodeMap;

  LightweightGraph(const GraphConfig& config, std::string default_output = "")
      : network_(config), config_(config) {
    standin::default_output(config, default_output);
    default_ = default_output.empty() ? config.outputs.begin()->first : default_output;
  }
  ~LightweightGraph() = default;
  LightweightGraph(LightweightGraph&) = delete;
  LightweightGraph& operator=(LightweightGraph&) = delete;

  ValueMap compute(const NodeMap& nodes, const SeqNodeMap& sequences = {}) const {
    return compute(nodes, sequences, default_);
  }

  ValueMap compute(const NodeMap& nodes, const SeqNodeMap&, const std::string& output) const {
    const auto found = config_.outputs.find(output);
    if (found == config_.outputs.end()) throw NNEvaluationException("no output node " + output);
    const std::vector<double> values = network_.at(
        found->second.node_index, [&](std::size_t input) { return scaled(input, nodes); });
    ValueMap named;
    // the library reads on behind the values where there are more labels; here that throws
    for (std::size_t k = 0; k < found->second.labels.size(); ++k) {
      named[found->second.labels[k]] = values.at(k);
    }
    return named;
  }

 private:
  std::vector<double> scaled(std::size_t number, const NodeMap& nodes) const {
    const InputNodeConfig& input = config_.inputs.at(number);
    const auto node = nodes.find(input.name);
    if (node == nodes.end()) throw NNEvaluationException("Can't find node " + input.name);
    std::vector<double> values;
    for (const Input& variable : input.variables) {
      const auto value = node->second.find(variable.name);
      if (value == node->second.end()) {
        throw NNEvaluationException("can't find input: " + variable.name);
      }
      values.push_back((value->second + variable.offset) * variable.scale);
    }
    return values;
  }

  standin::Network<double> network_;
  GraphConfig config_;
  std::string default_;
};

}  // namespace lwt
