// Stand-in for lwtnn 2.14.1's lwtnn/parse_json.hh: graphs of feed-forward layers.
#pragma once

#include <cmath>
#include <istream>
#include <map>
#include <stdexcept>
#include <string>

#include "lwtnn/lightweight_network_config.hh"
#include "standin/json.hh"

namespace lwt {
namespace standin {

/// The entry of a table; an unknown word is a std::logic_error, as in the library.
template <class Meaning>
Meaning meaning(const std::map<std::string, Meaning>& words, const std::string& word) {
  const auto found = words.find(word);
  if (found == words.end()) throw std::logic_error(word + " not recognized");
  return found->second;
}

inline ActivationConfig activation(const Json& json) {
  static const std::map<std::string, Activation> functions = {
      {"linear", Activation::LINEAR},
      {"sigmoid", Activation::SIGMOID},
      {"rectified", Activation::RECTIFIED},
      {"softmax", Activation::SOFTMAX},
      {"tanh", Activation::TANH},
      {"hard_sigmoid", Activation::HARD_SIGMOID},
      {"elu", Activation::ELU},
      {"leakyrelu", Activation::LEAKY_RELU},
      {"swish", Activation::SWISH},
      {"abs", Activation::ABS},
  };
  if (json.children.empty()) {
    const Activation bare = meaning(functions, json.text);
    // silently useless where the function needs a constant: so it is in the library
    return {bare, bare == Activation::ELU ? 1.0 : std::nan("")};
  }
  return {meaning(functions, json.at("function").text), json.at("alpha").number()};
}

inline LayerConfig layer(const Json& json) {
  static const std::map<std::string, Architecture> architectures = {
      {"dense", Architecture::DENSE}, {"normalization", Architecture::NORMALIZATION}};
  LayerConfig made{{}, {}, {Activation::NONE, 0}, Architecture::NONE};
  made.architecture = meaning(architectures, json.at("architecture").text);
  made.weights = json.at("weights").numbers();
  made.bias = json.at("bias").numbers();
  if (json.has("activation")) made.activation = activation(json.at("activation"));
  return made;
}

inline NodeConfig node(const Json& json) {
  using Type = NodeConfig::Type;
  static const std::map<std::string, Type> types = {{"input", Type::INPUT},
                                                    {"input_sequence", Type::INPUT_SEQUENCE},
                                                    {"feed_forward", Type::FEED_FORWARD},
                                                    {"concatenate", Type::CONCATENATE},
                                                    {"add", Type::ADD}};
  NodeConfig made{meaning(types, json.at("type").text), {}, -1};
  for (const auto& source : json.at("sources").children) {
    if (source.second.integer() < 0) throw std::logic_error("node source number must be positive");
    made.sources.push_back(static_cast<std::size_t>(source.second.integer()));
  }
  if (made.type == Type::INPUT || made.type == Type::INPUT_SEQUENCE) {
    made.index = json.at("size").integer();
  } else if (made.type == Type::FEED_FORWARD) {
    made.index = json.at("layer_index").integer();
  }
  return made;
}

inline InputNodeConfig input_node(const Json& json) {
  InputNodeConfig made{json.at("name").text, {}, {}, {}};
  for (const auto& one : json.at("variables").children) {
    const Json& variable = one.second;
    made.variables.push_back(
        {variable.at("name").text, variable.at("offset").number(), variable.at("scale").number()});
  }
  return made;
}

inline OutputNodeConfig output_node(const Json& json) {
  OutputNodeConfig made{{}, 0};
  for (const auto& label : json.at("labels").children) made.labels.push_back(label.second.text);
  const int index = json.at("node_index").integer();
  if (index < 0) throw std::logic_error("output node index is negative");
  made.node_index = static_cast<std::size_t>(index);
  return made;
}

}  // namespace standin

/// Read a graph; throws std::runtime_error for bad JSON and std::logic_error for unknown words.
inline GraphConfig parse_json_graph(std::istream& json) {
  const standin::Json root = standin::parse(json);
  GraphConfig made;
  for (const auto& one : root.at("inputs").children) {
    made.inputs.push_back(standin::input_node(one.second));
  }
  for (const auto& one : root.at("input_sequences").children) {
    made.input_sequences.push_back(standin::input_node(one.second));
  }
  for (const auto& one : root.at("nodes").children) made.nodes.push_back(standin::node(one.second));
  for (const auto& one : root.at("layers").children) {
    made.layers.push_back(standin::layer(one.second));
  }
  for (const auto& one : root.at("outputs").children) {
    made.outputs.emplace(one.first, standin::output_node(one.second));
  }
  return made;
}

}  // namespace lwt
