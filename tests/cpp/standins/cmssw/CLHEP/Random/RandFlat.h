// Stand-in for CLHEP/Random/RandFlat.h of CLHEP 2.4.
#pragma once

#include "CLHEP/Random/RandomEngine.h"

namespace CLHEP {

class RandFlat {
 public:
  static double shoot(HepRandomEngine* engine) { return engine->flat(); }
};

}  // namespace CLHEP
