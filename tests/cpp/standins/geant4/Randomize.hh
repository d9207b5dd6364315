// Stand-in for Geant4 11.4, source/global/HEPRandom/include/Randomize.hh: one engine per thread.
//
// A test can lay numbers into the engine, which come out first.
#pragma once

#include <deque>
#include <random>

namespace standin {
struct Engine {
  std::deque<double> laid_in;
  std::mt19937_64 generator{1};

  double gauss() {
    if (laid_in.empty()) return std::normal_distribution<double>()(generator);
    return taken();
  }
  double flat() {
    if (laid_in.empty()) return std::uniform_real_distribution<double>()(generator);
    return taken();
  }
  double taken() {
    const double number = laid_in.front();
    laid_in.pop_front();
    return number;
  }
};
inline Engine& engine() {
  thread_local Engine engine;
  return engine;
}
}  // namespace standin

namespace CLHEP {
class RandGaussQ {
 public:
  static double shoot(double mean, double sigma) {
    return mean + sigma * standin::engine().gauss();
  }
};
}  // namespace CLHEP

#define G4RandGauss CLHEP::RandGaussQ
#define G4UniformRand() standin::engine().flat()
