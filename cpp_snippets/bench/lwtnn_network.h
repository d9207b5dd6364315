// The C interface to one of lwtnn's two interfaces, for who times it. Include it in one source
// only.
#pragma once

#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>

#include <lwtnn/lightweight_network_config.hh>
#include <lwtnn/parse_json.hh>

/// A graph as a program of lwtnn's users holds it.
class Network {
 public:
  explicit Network(const lwt::GraphConfig& config)
      : n_outputs(config.outputs.begin()->second.labels.size()) {}
  virtual ~Network() = default;
  /// Evaluate: inputs of one shower in the order of the file, to outputs in the order of its
  /// labels.
  virtual void run(const float* inputs, float* outputs) = 0;

  const std::size_t n_outputs;
};

/// Defined by the source that includes this.
std::unique_ptr<Network> make_network(const lwt::GraphConfig& config);

extern "C" {

/// Open a file; null, with one line in `reason`, where that fails.
Network* caloexport_open(const char* path, char* reason, std::size_t size) {
  try {
    std::ifstream stream(path);
    return make_network(lwt::parse_json_graph(stream)).release();
  } catch (const std::exception& error) {
    std::snprintf(reason, size, "%s", error.what());
    return nullptr;
  }
}

/// Numbers that a file gives for a shower.
std::size_t caloexport_n_outputs(const Network* network) { return network->n_outputs; }

/// Evaluate showers one after the other: inputs (n_showers, n_inputs), outputs (n_showers,
/// n_outputs).
void caloexport_run(Network* network, std::size_t n_showers, std::size_t n_inputs,
                    const float* inputs, float* outputs) {
  for (std::size_t k = 0; k < n_showers; ++k) {
    network->run(inputs + k * n_inputs, outputs + k * network->n_outputs);
  }
}

/// Give back what caloexport_open returned.
void caloexport_close(Network* network) { delete network; }

}  // extern "C"
