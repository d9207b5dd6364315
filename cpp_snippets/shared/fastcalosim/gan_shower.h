// A shower as TFCSEnergyAndHitGANV2 makes it from one network.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <CLHEP/Random/RandGauss.h>
#include <CLHEP/Random/RandomEngine.h>

#include "energy_label.h"
#include "network_maps.h"
#include "voxels.h"

namespace fastcalosim {

/// Energy in a voxel; the voxel's number is that of the network's output.
struct VoxelEnergy {
  std::size_t voxel;
  double energy_mev;
};

/// What became of a shower.
enum class Outcome { ok, no_network, negative_energy };

/// The inputs of TFCSGANEtaSlice: latents from N(0.5, 0.5), and the label.
inline NetworkInputs gan_inputs(CLHEP::HepRandomEngine& engine, const Particle& particle,
                                const Binning& binning) {
  NetworkInputs nodes;
  for (int k = 0; k < binning.latent_size; ++k) {
    // mean and sigma are both 0.5: another law than N(0, 1)
    nodes["Noise"]["variable_" + std::to_string(k)] = CLHEP::RandGauss::shoot(&engine, 0.5, 0.5);
  }
  nodes["mycond"]["variable_0"] = energy_label(particle);
  if (binning.gan_version >= 2) nodes["mycond"]["variable_1"] = 0;  // kept free for |η|
  return nodes;
}

/// Share the outputs of a network among the voxels, in MeV. Values that are not above zero are
/// left out; where all of them together are below zero, FastCaloSim makes no shower.
inline Outcome voxel_energies(const NetworkOutputs& outputs, const Binning& binning,
                              double kinetic_mev, std::vector<VoxelEnergy>& energies) {
  energies.clear();
  double total = 0;
  for (const auto& output : outputs) total += output.second;
  if (total < 0) return Outcome::negative_energy;
  for (std::size_t k = 0; k < binning.voxels.size(); ++k) {
    const double share = outputs.at(std::to_string(k));
    if (share > 0) energies.push_back({k, kinetic_mev * share});
  }
  return Outcome::ok;
}

/// Make a shower: network.compute(NetworkInputs) gives NetworkOutputs.
template <class Network>
Outcome make_shower(const Network& network, const Binning& binning, const Particle& particle,
                    CLHEP::HepRandomEngine& engine, std::vector<VoxelEnergy>& energies) {
  energies.clear();
  if (momentum_window(particle).high_mev <= 0) return Outcome::no_network;
  const NetworkOutputs outputs = network.compute(gan_inputs(engine, particle, binning));
  return voxel_energies(outputs, binning, particle.kinetic_mev(), energies);
}

}  // namespace fastcalosim
