// Check a slice as FastCaloSim will use it: network, binning.xml and label; then make a shower.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLHEP/Random/JamesRandom.h>

#include "gan_network.h"
#include "gan_shower.h"
#include "generator.h"
#include "reference_report.h"
#include "slice.h"

namespace {

/// The reference showers, through FastCaloSim's maps.
class ReferenceShowers {
 public:
  explicit ReferenceShowers(const GanNetwork& network) : network_(network) {}

  std::string check() const {
    return generator::check([this](const float* inputs, float* outputs) {
      maps_.values(network_.compute(maps_.nodes(inputs)), outputs);
    });
  }

 private:
  const GanNetwork& network_;
  fastcalosim::NetworkMaps maps_;
};

[[noreturn]] void refuse_binning(const std::string& reason) {
  throw std::runtime_error("binning.xml: " + reason);
}

/// Refuse a binning.xml whose voxels are not the network's outputs, one by one.
void require_voxels(const fastcalosim::Binning& binning) {
  if (binning.voxels.size() != generator::n_outputs) {
    refuse_binning("has " + std::to_string(binning.voxels.size()) + " voxels, the network has " +
                   std::to_string(generator::n_outputs) + " outputs");
  }
  if (binning.latent_size != static_cast<int>(generator::n_latents)) {
    refuse_binning("latentDim is " + std::to_string(binning.latent_size) + ", expected " +
                   std::to_string(generator::n_latents));
  }
  for (std::size_t k = 0; k < binning.voxels.size(); ++k) {
    const fastcalosim::Voxel& voxel = binning.voxels[k];
    const generator::Position cell = generator::position(k);
    const double r_mm = (voxel.r_low_mm + voxel.r_high_mm) / 2;
    const double alpha_rad = (voxel.alpha_low_rad + voxel.alpha_high_rad) / 2;
    const bool same = voxel.layer == cell.layer && std::fabs(r_mm - cell.r_mm) < 1e-6 * r_mm &&
                      std::fabs(alpha_rad - cell.phi_rad) < 1e-6;
    if (!same) {
      refuse_binning("voxel " + std::to_string(k) + " lies in layer " +
                     std::to_string(voxel.layer) + " at r = " + std::to_string(r_mm) +
                     " mm, output " + std::to_string(k) + " of the network in layer " +
                     std::to_string(cell.layer) + " at r = " + std::to_string(cell.r_mm) + " mm");
    }
  }
  std::printf("binning.xml: %zu voxels in the order of the outputs\n", binning.voxels.size());
}

/// A particle of the slice, whose momentum lies between the ends of the window: part 0 to 1.
fastcalosim::Particle particle_at(double part) {
  const double ratio = fastcalosim::slice_high_mev / fastcalosim::slice_low_mev;
  const double momentum_mev = fastcalosim::slice_low_mev * std::pow(ratio, part);
  return {fastcalosim::slice_pdg, fastcalosim::slice_mass_mev, momentum_mev};
}

/// Refuse a network that was trained with another label than FastCaloSim gives it.
void require_label() {
  for (const double part : {0.01, 0.5, 1.0}) {
    const fastcalosim::Particle particle = particle_at(part);
    generator::Conditions conditions;
    conditions.energy_mev = particle.kinetic_mev();
    float encoded[generator::n_encoded];
    generator::encode(conditions, encoded);
    const double label = fastcalosim::energy_label(particle);
    if (!(std::fabs(label - static_cast<double>(encoded[0])) < 1e-6)) {
      throw std::runtime_error("a momentum of " + std::to_string(particle.momentum_mev) +
                               " MeV has the label " + std::to_string(label) +
                               ", the network expects " + std::to_string(encoded[0]));
    }
    std::printf("label of %.6g MeV: %.6f\n", particle.momentum_mev, label);
  }
}

void report_shower(const GanNetwork& network, const fastcalosim::Binning& binning) {
  CLHEP::HepJamesRandom engine(42);
  std::vector<fastcalosim::VoxelEnergy> energies;
  const fastcalosim::Particle particle = particle_at(0.5);
  const auto outcome = fastcalosim::make_shower(network, binning, particle, engine, energies);
  if (outcome == fastcalosim::Outcome::negative_energy) {
    std::printf("no shower: the outputs add up to less than zero\n");
    return;
  }
  double total_mev = 0;
  for (const fastcalosim::VoxelEnergy& one : energies) total_mev += one.energy_mev;
  std::printf("a shower of %.6g MeV in %zu voxels from %.6g MeV\n", total_mev, energies.size(),
              particle.kinetic_mev());
}

}  // namespace

int main(int count, char** words) {
  try {
    const GanNetwork network(count > 1 ? words[1] : fastcalosim::slice_file);
    const std::string path = count > 2 ? words[2] : "binning.xml";
    const fastcalosim::Binning binning =
        fastcalosim::read_binning(path, fastcalosim::slice_pdg, fastcalosim::slice_eta);
    ReferenceShowers references(network);
    if (report_references(references) != 0) return 1;
    require_voxels(binning);
    require_label();
    report_shower(network, binning);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
