// The energy label that FastCaloSim's GANV2 gives its networks.
#pragma once

#include <cmath>
#include <cstdlib>
#include <limits>

namespace fastcalosim {

/// What a shower is made for, as TFCSTruthState tells it.
struct Particle {
  int pdg;
  double mass_mev, momentum_mev;

  double kinetic_mev() const noexcept { return std::hypot(momentum_mev, mass_mev) - mass_mev; }
};

/// Momenta that a network was trained for; both are powers of 2 in MeV.
struct MomentumWindow {
  double low_mev, high_mev;
};

/// Electrons and photons have two networks; the momentum, not the energy, chooses between them.
inline constexpr double split_momentum_mev = 4096;

/// The window of a particle; {0, 0} where FastCaloSim has none.
inline MomentumWindow momentum_window(const Particle& particle) noexcept {
  constexpr double high = 4194304;  // 2^22
  switch (std::abs(particle.pdg)) {
    case 11:
    case 22:
      if (particle.momentum_mev > split_momentum_mev) return {split_momentum_mev, high};
      return {64, split_momentum_mev};
    case 211:
      return {256, high};
    case 2212:
      return {1024, high};
    default:
      return {0, 0};
  }
}

/// variable_0 of mycond: logarithm of the kinetic energy, 0 to 1 between the ends of the window.
///
/// The ends are kinetic energies at the momenta of the window with the particle's own mass. NaN for
/// a particle without a network.
inline double energy_label(const Particle& particle) noexcept {
  const MomentumWindow window = momentum_window(particle);
  if (window.high_mev <= 0) return std::numeric_limits<double>::quiet_NaN();
  const Particle low{particle.pdg, particle.mass_mev, window.low_mev};
  const Particle high{particle.pdg, particle.mass_mev, window.high_mev};
  const double low_mev = low.kinetic_mev();
  return std::log(particle.kinetic_mev() / low_mev) / std::log(high.kinetic_mev() / low_mev);
}

}  // namespace fastcalosim
