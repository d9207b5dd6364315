// The generated decoders that are compiled into FastCaloSim, by the names of their files.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "FastCaloSim/Core/VNetworkBase.h"

namespace fastcalosim {

/// Opens a network with the weights in a file.
using OpenNetwork = std::function<std::unique_ptr<VNetworkBase>(const std::string& weights_path)>;

/// File name without folder and ending -> network.
inline std::map<std::string, OpenNetwork>& networks() {
  static std::map<std::string, OpenNetwork> all;
  return all;
}

/// Adds a network when the program starts: each slice has one such object.
struct RegisterNetwork {
  RegisterNetwork(const std::string& name, OpenNetwork open) { networks()[name] = std::move(open); }
};

/// Open the network of a weights file; null when no decoder of that name was compiled.
///
/// Throws std::runtime_error with one line when there is one, and the file is not its own.
inline std::unique_ptr<VNetworkBase> open_network(const std::string& weights_path) {
  const std::size_t slash = weights_path.find_last_of('/');
  const std::string file = weights_path.substr(slash == std::string::npos ? 0 : slash + 1);
  const auto found = networks().find(file.substr(0, file.find_last_of('.')));
  return found == networks().end() ? nullptr : found->second(weights_path);
}

}  // namespace fastcalosim
