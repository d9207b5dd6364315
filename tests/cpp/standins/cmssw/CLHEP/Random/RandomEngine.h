// Stand-in for CLHEP/Random/RandomEngine.h of CLHEP 2.4.
#pragma once

namespace CLHEP {

class HepRandomEngine {
 public:
  virtual ~HepRandomEngine() = default;
  /// A number between 0 and 1, both excluded.
  virtual double flat() = 0;
};

}  // namespace CLHEP
