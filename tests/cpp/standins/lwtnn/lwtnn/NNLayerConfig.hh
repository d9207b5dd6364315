// Stand-in for lwtnn 2.14.1's lwtnn/NNLayerConfig.hh: feed-forward layers.
#pragma once

#include <cstddef>
#include <vector>

namespace lwt {

enum class Activation {
  NONE,
  LINEAR,
  SIGMOID,
  RECTIFIED,
  SOFTMAX,
  TANH,
  HARD_SIGMOID,
  ELU,
  LEAKY_RELU,
  SWISH,
  ABS
};
enum class Architecture { NONE, DENSE, NORMALIZATION };

struct ActivationConfig {
  Activation function;
  double alpha;
};

struct LayerConfig {
  std::vector<double> weights;
  std::vector<double> bias;
  ActivationConfig activation;
  Architecture architecture;
};

struct NodeConfig {
  enum class Type { INPUT, INPUT_SEQUENCE, FEED_FORWARD, CONCATENATE, ADD };
  Type type;
  std::vector<std::size_t> sources;
  int index;  // size of an input, or number of a layer
};

}  // namespace lwt
