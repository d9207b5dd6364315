// Read an LWTNN file for this program, or say in one line why it is another one.
#pragma once

#include <cstddef>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include <lwtnn/lightweight_network_config.hh>
#include <lwtnn/parse_json.hh>

#include "generator.h"

namespace lwtnn_file {

[[noreturn]] inline void refuse(const std::string& path, const std::string& reason) {
  throw std::runtime_error(path + ": " + reason);
}

inline void require_inputs(const std::string& path, const lwt::GraphConfig& config) {
  if (config.inputs.size() != generator::n_feeds || !config.input_sequences.empty()) {
    refuse(path, "has " + std::to_string(config.inputs.size()) + " input nodes and " +
                     std::to_string(config.input_sequences.size()) + " sequences, expected " +
                     std::to_string(generator::n_feeds) + " and 0");
  }
  for (std::size_t feed = 0; feed < generator::n_feeds; ++feed) {
    const lwt::InputNodeConfig& node = config.inputs[feed];
    const generator::Feed& expected = generator::feeds[feed];
    if (node.name != expected.name) {
      refuse(path, "input node " + std::to_string(feed) + " is '" + node.name + "', expected '" +
                       expected.name + "'");
    }
    if (node.variables.size() != expected.size) {
      refuse(path, "'" + node.name + "' has " + std::to_string(node.variables.size()) +
                       " variables, expected " + std::to_string(expected.size));
    }
    for (std::size_t k = 0; k < expected.size; ++k) {
      const lwt::Input& variable = node.variables[k];
      if (variable.name != generator::label(feed, k)) {
        refuse(path, "variable " + std::to_string(k) + " of '" + node.name + "' is '" +
                         variable.name + "', expected '" + generator::label(feed, k) + "'");
      }
    }
  }
}

inline void require_output(const std::string& path, const lwt::GraphConfig& config) {
  // Athena, Par04 and lwtnn's own constructors take the only output there is
  if (config.outputs.size() != 1) {
    refuse(path, "has " + std::to_string(config.outputs.size()) + " outputs, expected 1");
  }
  const lwt::OutputNodeConfig& output = config.outputs.begin()->second;
  if (output.labels.size() != generator::n_outputs) {
    refuse(path, "names " + std::to_string(output.labels.size()) + " output values, expected " +
                     std::to_string(generator::n_outputs));
  }
  for (std::size_t k = 0; k < generator::n_outputs; ++k) {
    if (output.labels[k] != generator::output_label(k)) {
      refuse(path, "output value " + std::to_string(k) + " is '" + output.labels[k] +
                       "', expected '" + generator::output_label(k) + "'");
    }
  }
  // lwtnn reads on behind the last value of the layer when there are more labels than values
  if (output.node_index >= config.nodes.size()) refuse(path, "its output names no node");
  const lwt::NodeConfig& node = config.nodes[output.node_index];
  const auto layer = static_cast<std::size_t>(node.index);
  if (node.type != lwt::NodeConfig::Type::FEED_FORWARD || layer >= config.layers.size()) return;
  const std::size_t n_values = config.layers[layer].bias.size();
  if (n_values != 0 && n_values != generator::n_outputs) {
    refuse(path, "its last layer gives " + std::to_string(n_values) + " values, expected " +
                     std::to_string(generator::n_outputs));
  }
}

}  // namespace lwtnn_file

/// Read an LWTNN file; throws std::runtime_error with one line unless it is the one this program
/// was made for.
///
/// lwtnn needs some 350 bytes of memory per weight while it reads, and gives them back afterwards.
inline lwt::GraphConfig read_lwtnn_file(const std::string& path) {
  generator::require_manifest(path);
  lwt::GraphConfig config;
  try {
    std::ifstream stream(path);
    config = lwt::parse_json_graph(stream);
  } catch (const std::exception& error) {
    lwtnn_file::refuse(path, std::string("lwtnn cannot read it: ") + error.what());
  }
  lwtnn_file::require_inputs(path, config);
  lwtnn_file::require_output(path, config);
  return config;
}
