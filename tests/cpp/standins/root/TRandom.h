// Stand-in for ROOT 6's TRandom.h, with another generator behind it.
#pragma once

#include <random>

class TRandom {
 public:
  void SetSeed(unsigned long seed) { engine_.seed(seed); }
  double Gaus(double mean, double sigma) {
    return std::normal_distribution<double>(mean, sigma)(engine_);
  }
  double Rndm() { return std::uniform_real_distribution<double>()(engine_); }

 private:
  std::mt19937_64 engine_;
};

inline TRandom* const gRandom = new TRandom;
