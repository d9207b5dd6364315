// Stand-in for CLHEP 2.1 to 2.4's CLHEP/Random/RandomEngine.h.
#pragma once

namespace CLHEP {

/// A source of random numbers between 0 and 1, both excluded.
class HepRandomEngine {
 public:
  virtual ~HepRandomEngine() = default;
  virtual double flat() = 0;
};

}  // namespace CLHEP
