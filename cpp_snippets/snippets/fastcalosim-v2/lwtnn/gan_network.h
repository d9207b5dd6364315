// The network in lwtnn behind the interface of FastCaloSim's handlers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

#include <lwtnn/LightweightGraph.hh>

#include "generator.h"
#include "lwtnn_file.h"
#include "network_maps.h"

namespace {  // a program may have several slices

/// Does what TFCSGANLWTNNHandler does, for one file.
///
/// One for all threads; `compute` may be called by many of them at the same time.
class GanNetwork {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for.
  explicit GanNetwork(const std::string& path) : graph_(read_lwtnn_file(path)) {}

  /// As VNetworkBase::compute; throws std::runtime_error with one line where an input is missing.
  fastcalosim::NetworkOutputs compute(const fastcalosim::NetworkInputs& nodes) const {
    lwt::LightweightGraph::NodeMap renamed;
    for (std::size_t k = 0; k < fastcalosim::n_nodes; ++k) {
      const auto node = nodes.find(fastcalosim::node_names[k]);
      if (node == nodes.end()) refuse("no input '" + std::string(fastcalosim::node_names[k]) + "'");
      // lwtnn passes over variables that the file does not declare, latents among them
      if (k == 0 && node->second.size() != generator::n_latents) {
        refuse("got " + std::to_string(node->second.size()) + " latents, expected " +
               std::to_string(generator::n_latents) + ": set latentDim in binning.xml");
      }
      renamed[generator::feeds[k].name] = node->second;
    }
    return without_common_beginning(graph_.compute(renamed));
  }

 private:
  [[noreturn]] static void refuse(const std::string& reason) {
    throw std::runtime_error(std::string(generator::name) + ": " + reason);
  }

  /// Cut off what all names begin with: "out_0" and "out_1" become "0" and "1".
  static fastcalosim::NetworkOutputs without_common_beginning(
      const fastcalosim::NetworkOutputs& outputs) {
    // in a sorted map, the first and the last name have in common what all have
    const std::string& first = outputs.begin()->first;
    const std::string& last = outputs.rbegin()->first;
    const auto shorter = static_cast<std::ptrdiff_t>(std::min(first.size(), last.size()));
    const auto end = std::mismatch(first.begin(), first.begin() + shorter, last.begin()).first;
    const auto length = static_cast<std::size_t>(end - first.begin());
    fastcalosim::NetworkOutputs cut;
    for (const auto& output : outputs) {
      cut.emplace_hint(cut.end(), output.first.substr(length), output.second);
    }
    return cut;
  }

  lwt::LightweightGraph graph_;
};

}  // namespace
