// Stand-in for CLHEP 2.1 to 2.4's CLHEP/Random/JamesRandom.h; its numbers are those of another
// engine.
#pragma once

#include <cstdint>

#include "CLHEP/Random/RandomEngine.h"

namespace CLHEP {

class HepJamesRandom : public HepRandomEngine {
 public:
  explicit HepJamesRandom(long seed) : state_(static_cast<std::uint64_t>(seed)) {}

  double flat() override {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (static_cast<double>(state_ >> 12) + 0.5) * 0x1p-52;
  }

 private:
  std::uint64_t state_;
};

}  // namespace CLHEP
