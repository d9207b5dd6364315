// Stand-in for CLHEP/Random/RandGaussQ.h of CLHEP 2.4.
#pragma once

#include <cmath>

#include "CLHEP/Random/RandomEngine.h"

namespace CLHEP {

class RandGaussQ {
 public:
  /// From the normal law, here by Box and Muller's formula.
  static double shoot(HepRandomEngine* engine, double mean, double sigma) {
    const double radius = std::sqrt(-2.0 * std::log(engine->flat()));
    return mean + sigma * radius * std::cos(6.283185307179586 * engine->flat());
  }
};

}  // namespace CLHEP
