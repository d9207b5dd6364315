// Print the voxels of a shower: layer, r, alpha, energy; and what becomes of other particles.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLHEP/Random/JamesRandom.h>

#include "gan_network.h"
#include "gan_shower.h"
#include "slice.h"

namespace {

/// A network whose outputs are all the same.
struct Constant {
  double value;

  fastcalosim::NetworkOutputs compute(const fastcalosim::NetworkInputs&) const {
    fastcalosim::NetworkOutputs outputs;
    for (std::size_t k = 0; k < generator::n_outputs; ++k) outputs[std::to_string(k)] = value;
    return outputs;
  }
};

const char* text(fastcalosim::Outcome outcome) {
  switch (outcome) {
    case fastcalosim::Outcome::ok:
      return "ok";
    case fastcalosim::Outcome::no_network:
      return "no network";
    case fastcalosim::Outcome::negative_energy:
      return "negative energy";
  }
  return "";
}

template <class Network>
void print_shower(const Network& network, const fastcalosim::Binning& binning,
                  const fastcalosim::Particle& particle) {
  CLHEP::HepJamesRandom engine(7);
  std::vector<fastcalosim::VoxelEnergy> energies;
  const auto outcome = fastcalosim::make_shower(network, binning, particle, engine, energies);
  std::printf("%s: %zu\n", text(outcome), energies.size());
  for (const fastcalosim::VoxelEnergy& one : energies) {
    const fastcalosim::Voxel& voxel = binning.voxels[one.voxel];
    std::printf("%d %a %a %a\n", voxel.layer, (voxel.r_low_mm + voxel.r_high_mm) / 2,
                (voxel.alpha_low_rad + voxel.alpha_high_rad) / 2, one.energy_mev);
  }
}

}  // namespace

int main(int, char** words) {
  try {
    const fastcalosim::Binning binning =
        fastcalosim::read_binning(words[2], fastcalosim::slice_pdg, fastcalosim::slice_eta);
    const fastcalosim::Particle photon{22, 0, 65536};
    print_shower(GanNetwork(words[1]), binning, photon);
    print_shower(Constant{-1}, binning, photon);
    print_shower(Constant{0}, binning, photon);
    print_shower(Constant{1}, binning, {13, 105.66, 65536});
    fastcalosim::Binning fewer = binning;
    fewer.latent_size -= 1;
    print_shower(GanNetwork(words[1]), fewer, photon);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
