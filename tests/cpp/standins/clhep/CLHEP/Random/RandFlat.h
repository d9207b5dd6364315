// Stand-in for CLHEP 2.1 to 2.4's CLHEP/Random/RandFlat.h.
#pragma once

#include "CLHEP/Random/RandomEngine.h"

namespace CLHEP {

class RandFlat {
 public:
  static double shoot(HepRandomEngine* engine) { return engine->flat(); }
};

}  // namespace CLHEP
