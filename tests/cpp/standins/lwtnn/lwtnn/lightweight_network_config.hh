// Stand-in for lwtnn 2.14.1's lwtnn/lightweight_network_config.hh: what graphs need.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lwtnn/NNLayerConfig.hh"

namespace lwt {

typedef std::map<std::string, std::vector<double>> VectorMap;

struct Input {
  std::string name;
  double offset;
  double scale;
};

struct InputNodeConfig {
  std::string name;
  std::vector<Input> variables;
  std::map<std::string, std::string> miscellaneous;
  std::map<std::string, double> defaults;
};

struct OutputNodeConfig {
  std::vector<std::string> labels;
  std::size_t node_index;
};

struct GraphConfig {
  std::vector<InputNodeConfig> inputs;
  std::vector<InputNodeConfig> input_sequences;
  std::vector<NodeConfig> nodes;
  std::map<std::string, OutputNodeConfig> outputs;
  std::vector<LayerConfig> layers;
};

}  // namespace lwt
