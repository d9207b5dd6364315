// The report of a program that was made from a snippet.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "generator.h"

/// Compare the reference showers and print one line; returns the exit code, 0 when all agree.
template <class Sampler>
int report_references(Sampler& sampler) {
  const std::string difference = sampler.check();
  if (difference.empty()) {
    std::printf("%zu of %zu reference showers agree (%s)\n", generator::n_reference_showers,
                generator::n_reference_showers, generator::name);
    return 0;
  }
  std::printf("reference showers differ (%s): %s\n", generator::name, difference.c_str());
  return 1;
}

/// Print the median time of a shower, from conditions to MeV, over some showers after the first.
template <class Sampler>
void report_time(Sampler& sampler, std::size_t n_showers = 200) {
  using Clock = std::chrono::steady_clock;
  std::vector<float> energies_mev;
  std::vector<double> times_us;
  for (std::size_t k = 0; k <= n_showers; ++k) {
    const Clock::time_point begin = Clock::now();
    sampler.sample(generator::reference_showers()[0].conditions, 1, k, energies_mev);
    const std::chrono::duration<double, std::micro> time_us = Clock::now() - begin;
    if (k > 0) times_us.push_back(time_us.count());
  }
  const auto middle = times_us.begin() + static_cast<std::ptrdiff_t>(times_us.size() / 2);
  std::nth_element(times_us.begin(), middle, times_us.end());
  std::printf("%.1f us per shower of %zu cells\n", *middle, generator::n_cells);
}
