// Stand-in for FWCore/Utilities/interface/RandomNumberGenerator.h. of CMSSW (master of 2026).
#pragma once

#include "FWCore/Utilities/interface/StreamID.h"

namespace CLHEP {
class HepRandomEngine;
}

namespace edm {

class RandomNumberGenerator {
 public:
  virtual ~RandomNumberGenerator() = default;
  /// The engine that belongs to the calling module, one for each stream.
  virtual CLHEP::HepRandomEngine& getEngine(const StreamID& stream) = 0;
};

}  // namespace edm
