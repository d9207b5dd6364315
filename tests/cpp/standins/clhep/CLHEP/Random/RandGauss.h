// Stand-in for CLHEP 2.1 to 2.4's CLHEP/Random/RandGauss.h.
#pragma once

#include <cmath>

#include "CLHEP/Random/RandomEngine.h"

namespace CLHEP {

class RandGauss {
 public:
  /// From N(mean, deviation). Two numbers are made at a time: as in the library, the second one
  /// waits for the next call, whichever engine that call names.
  static double shoot(HepRandomEngine* engine, double mean, double deviation) {
    static thread_local bool waits = false;
    static thread_local double waiting = 0;
    waits = !waits;
    if (!waits) return mean + deviation * waiting;
    const double radius = std::sqrt(-2 * std::log(engine->flat()));
    const double angle = 6.283185307179586 * engine->flat();
    waiting = radius * std::sin(angle);
    return mean + deviation * radius * std::cos(angle);
  }
};

}  // namespace CLHEP
