// FastCaloSim's maps of names and numbers around a network that takes and gives arrays.
#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "generator.h"

namespace fastcalosim {

/// node -> variable -> value, as VNetworkBase::NetworkInputs.
using NetworkInputs = std::map<std::string, std::map<std::string, double>>;
/// number of the output as text -> value, as VNetworkBase::NetworkOutputs.
using NetworkOutputs = std::map<std::string, double>;

// A program may have several slices, each with a generator of its own: what follows must not be
// taken for the same thing in all of them.
namespace {

/// What TFCSGANEtaSlice calls the latents and the conditions, whatever the file calls them.
constexpr const char* node_names[] = {"Noise", "mycond"};
constexpr std::size_t n_nodes = 2;
static_assert(generator::n_feeds == n_nodes, "FastCaloSim fills two inputs: Noise and mycond");

/// Translates between FastCaloSim's maps and the arrays of a network. It does not change.
class NetworkMaps {
 public:
  NetworkMaps() {
    for (const generator::Feed& feed : generator::feeds) {
      std::vector<std::string> names;
      for (std::size_t k = 0; k < feed.size; ++k) names.push_back("variable_" + std::to_string(k));
      variables_.push_back(names);
    }
    std::map<std::string, std::size_t> sorted;
    for (std::size_t k = 0; k < generator::n_outputs; ++k) sorted[std::to_string(k)] = k;
    for (const auto& entry : sorted) {
      empty_.emplace_hint(empty_.end(), entry.first, 0.0);
      numbers_.push_back(entry.second);
    }
  }

  /// Fill the network's inputs (n_inputs); throws std::runtime_error with one line where a
  /// variable is missing, or where there is another number of latents.
  ///
  /// Conditions that the network does not have are left alone: FastCaloSim passes |η|, always 0,
  /// to networks of ganVersion 2 and later, and LWTNN's files declare the energy label alone.
  void read(const NetworkInputs& nodes, float* inputs) const {
    for (std::size_t node = 0; node < n_nodes; ++node) {
      const auto found = nodes.find(node_names[node]);
      if (found == nodes.end()) refuse("no input", node_names[node]);
      const std::vector<std::string>& names = variables_[node];
      if (node == 0 && found->second.size() != names.size()) {
        throw std::runtime_error(std::string(generator::name) + ": got " +
                                 std::to_string(found->second.size()) + " latents, expected " +
                                 std::to_string(names.size()) + ": set latentDim in binning.xml");
      }
      for (std::size_t k = 0; k < names.size(); ++k) {
        const auto value = found->second.find(names[k]);
        if (value == found->second.end()) refuse(node_names[node], names[k]);
        inputs[generator::feeds[node].first + k] = static_cast<float>(value->second);
      }
    }
  }

  /// Name outputs (n_outputs) "0", "1", ..., as FastCaloSim's handlers do after they have cut the
  /// common beginning off all names.
  NetworkOutputs write(const float* outputs) const {
    NetworkOutputs named = empty_;
    auto number = numbers_.begin();
    for (auto& entry : named) entry.second = static_cast<double>(outputs[*number++]);
    return named;
  }

  /// The opposite of `read`, for checks: inputs (n_inputs) as FastCaloSim would pass them.
  NetworkInputs nodes(const float* inputs) const {
    NetworkInputs made;
    for (std::size_t node = 0; node < n_nodes; ++node) {
      for (std::size_t k = 0; k < variables_[node].size(); ++k) {
        made[node_names[node]][variables_[node][k]] =
            static_cast<double>(inputs[generator::feeds[node].first + k]);
      }
    }
    return made;
  }

  /// The opposite of `write`: throws std::out_of_range where an output is missing.
  void values(const NetworkOutputs& named, float* outputs) const {
    for (std::size_t k = 0; k < generator::n_outputs; ++k) {
      outputs[k] = static_cast<float>(named.at(std::to_string(k)));
    }
  }

 private:
  [[noreturn]] static void refuse(const std::string& what, const std::string& name) {
    throw std::runtime_error(std::string(generator::name) + ": " + what + " '" + name + "'");
  }

  std::vector<std::vector<std::string>> variables_;
  NetworkOutputs empty_;
  std::vector<std::size_t> numbers_;  // "10" stands before "2": the outputs in the map's order
};

}  // namespace
}  // namespace fastcalosim
