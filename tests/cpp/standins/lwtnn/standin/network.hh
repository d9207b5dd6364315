// The mathematics behind the stand-in's two interfaces.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "lwtnn/Exceptions.hh"
#include "lwtnn/lightweight_network_config.hh"

namespace lwt {
namespace standin {

template <class T>
using Values = std::vector<T>;

template <class T>
T sigmoid(T x) {
  if (x < T(-30)) return 0;
  if (x > T(30)) return 1;
  return 1 / (1 + std::exp(-x));
}

template <class T>
T activated(const ActivationConfig& activation, T x) {
  const T alpha = static_cast<T>(activation.alpha);
  switch (activation.function) {
    case Activation::LINEAR:
      return x;
    case Activation::SIGMOID:
      return sigmoid(x);
    case Activation::RECTIFIED:
      return x < 0 ? 0 : x;
    case Activation::TANH:
      return std::tanh(x);
    case Activation::HARD_SIGMOID:
      return std::min(std::max(T(0.2) * x + T(0.5), T(0)), T(1));
    case Activation::ELU:
      return x >= 0 ? x : alpha * (std::exp(x) - 1);
    case Activation::LEAKY_RELU:
      return x > 0 ? x : alpha * x;
    case Activation::SWISH:
      return x * sigmoid(alpha * x);
    case Activation::ABS:
      return std::abs(x);
    case Activation::SOFTMAX:
    case Activation::NONE:
      break;
  }
  throw NNConfigurationException("Got undefined activation function");
}

template <class T>
void softmax(Values<T>& x) {
  const T largest = *std::max_element(x.begin(), x.end());
  T sum = 0;
  for (T& one : x) sum += one = std::exp(one - largest);
  for (T& one : x) one /= sum;
}

/// A graph with its weights in T.
template <class T>
class Network {
 public:
  /// Gives the values of an input node, its variables scaled.
  using Inputs = std::function<Values<T>(std::size_t)>;

  explicit Network(const GraphConfig& config) : config_(config) {
    for (const LayerConfig& layer : config.layers) {
      weights_.emplace_back(layer.weights.begin(), layer.weights.end());
      biases_.emplace_back(layer.bias.begin(), layer.bias.end());
    }
    for (std::size_t node = 0; node < config.nodes.size(); ++node) {
      width(node, config.nodes.size());
    }
  }

  /// The values of a node; nothing is remembered: a node with two readers is evaluated twice.
  Values<T> at(std::size_t number, const Inputs& inputs) const {
    if (number >= config_.nodes.size()) throw NNEvaluationException("Graph: no output");
    const NodeConfig& node = config_.nodes[number];
    if (node.type == NodeConfig::Type::INPUT) {
      Values<T> found = inputs(node.sources.at(0));
      if (found.size() != static_cast<std::size_t>(node.index)) {
        throw NNEvaluationException("Found vector of length " + std::to_string(found.size()) +
                                    ", expected " + std::to_string(node.index));
      }
      return found;
    }
    Values<T> found = at(node.sources.at(0), inputs);
    if (node.type == NodeConfig::Type::FEED_FORWARD) return layer(node.index, found);
    for (std::size_t k = 1; k < node.sources.size(); ++k) {
      const Values<T> next = at(node.sources[k], inputs);
      if (node.type == NodeConfig::Type::CONCATENATE) {
        found.insert(found.end(), next.begin(), next.end());
      } else {
        std::transform(found.begin(), found.end(), next.begin(), found.begin(), std::plus<T>());
      }
    }
    return found;
  }

 private:
  /// Numbers that a node gives; throws for what the library refuses when it is constructed.
  std::size_t width(std::size_t number, std::size_t depth) const {
    if (number >= config_.nodes.size()) {
      throw NNConfigurationException("no node index " + std::to_string(number));
    }
    if (depth == 0) throw NNConfigurationException("found cycle in graph");
    const NodeConfig& node = config_.nodes[number];
    if (node.type == NodeConfig::Type::INPUT) return static_cast<std::size_t>(node.index);
    if (node.type == NodeConfig::Type::INPUT_SEQUENCE) {
      throw NNConfigurationException("sequences are not in the stand-in");
    }
    std::size_t sum = 0, first = 0;
    for (const std::size_t source : node.sources) {
      const std::size_t one = width(source, depth - 1);
      if (sum == 0) first = one;
      if (node.type == NodeConfig::Type::ADD && one != first) {
        throw NNConfigurationException("All sources of an add layer must have same dimension");
      }
      sum += one;
    }
    if (node.type == NodeConfig::Type::CONCATENATE) return sum;
    return node.type == NodeConfig::Type::ADD ? first : layer_width(node.index, first);
  }

  std::size_t layer_width(int number, std::size_t n_in) const {
    if (number < 0 || static_cast<std::size_t>(number) >= config_.layers.size()) {
      throw NNConfigurationException("no layer number " + std::to_string(number));
    }
    const LayerConfig& one = config_.layers[static_cast<std::size_t>(number)];
    if (one.architecture == Architecture::NORMALIZATION) return n_in;
    if (one.activation.function == Activation::NONE) {
      throw NNConfigurationException("Got undefined activation function");
    }
    if (one.weights.empty()) return n_in;
    if (one.weights.size() % n_in != 0) {
      throw NNConfigurationException("matrix elements not divisible by number of columns");
    }
    const std::size_t n_out = one.weights.size() / n_in;
    if (!one.bias.empty() && one.bias.size() != n_out) {
      throw NNConfigurationException("tried to add a bias layer with another number of entries");
    }
    return n_out;
  }

  Values<T> layer(int number, const Values<T>& x) const {
    const std::size_t place = static_cast<std::size_t>(number);
    const LayerConfig& one = config_.layers[place];
    const Values<T>&weights = weights_[place], &bias = biases_[place];
    Values<T> y = x;
    if (one.architecture == Architecture::NORMALIZATION) {
      for (std::size_t k = 0; k < x.size(); ++k) y[k] = weights.at(k) * (x[k] + bias.at(k));
      return y;
    }
    if (!weights.empty()) {
      y.assign(weights.size() / x.size(), 0);
      for (std::size_t o = 0; o < y.size(); ++o) {
        for (std::size_t i = 0; i < x.size(); ++i) y[o] += weights[o * x.size() + i] * x[i];
      }
    }
    for (std::size_t o = 0; o < bias.size(); ++o) y[o] += bias[o];
    if (one.activation.function == Activation::SOFTMAX) {
      softmax(y);
    } else {
      for (T& value : y) value = activated(one.activation, value);
    }
    return y;
  }

  GraphConfig config_;
  std::vector<Values<T>> weights_, biases_;
};

/// The node of the output with a name, or of the only one.
inline std::size_t default_output(const GraphConfig& config, const std::string& name) {
  if (name.empty() && config.outputs.size() != 1) {
    throw NNConfigurationException("you must specify a default output");
  }
  const auto found = name.empty() ? config.outputs.begin() : config.outputs.find(name);
  if (found == config.outputs.end()) throw NNConfigurationException("no output node" + name);
  return found->second.node_index;
}

}  // namespace standin
}  // namespace lwt
