// Admit conditions of the cylinder generator: POLICY ENERGY THETA GEOMETRY, one case in a line.
#include <cstdio>

#include "generator.h"

int main() {
  int policy = 0, geometry = 0;
  generator::Conditions given;
  while (std::scanf("%d %la %la %d", &policy, &given.energy_mev, &given.theta_rad, &geometry) ==
         4) {
    given.geometry = generator::Geometry{geometry};
    const auto status = generator::admit(given, static_cast<generator::OutOfRange>(policy));
    std::printf("%d %a %a\n", static_cast<int>(status), given.energy_mev, given.theta_rad);
  }
  generator::Conditions forgotten;
  std::printf("%s\n", generator::message(generator::admit(forgotten)));
}
