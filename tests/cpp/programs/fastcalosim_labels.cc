// Print the energy label of each particle that standard input names: pdg, mass and momentum in MeV.
#include <cstdio>
#include <iostream>

#include "energy_label.h"

int main() {
  fastcalosim::Particle particle{};
  while (std::cin >> particle.pdg >> particle.mass_mev >> particle.momentum_mev) {
    std::printf("%.9f\n", fastcalosim::energy_label(particle));
  }
}
