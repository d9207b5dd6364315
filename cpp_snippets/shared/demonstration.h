// What the main programs of snippets do: compare the reference showers, make one, time some.
#pragma once

#include <cstdio>
#include <numeric>
#include <random>
#include <vector>

#include "generator.h"
#include "reference_report.h"

/// Make a shower as an event loop would, with an engine of the program's own.
template <class Sampler>
void report_shower(Sampler& sampler) {
  std::mt19937_64 engine(42);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const auto noise = [&] { return generator::noise_is_normal ? normal(engine) : uniform(engine); };
  const generator::Conditions conditions = generator::reference_showers()[0].conditions;
  std::vector<float> energies_mev;
  const generator::Status status = sampler.sample(conditions, noise, energies_mev);
  if (status != generator::Status::ok) {
    std::printf("no shower: %s\n", generator::message(status));
    return;
  }
  const double total_mev = std::accumulate(energies_mev.begin(), energies_mev.end(), 0.0);
  std::printf("a shower of %.0f MeV\n", total_mev);
}

/// Print what a sampler does; returns the exit code, 1 when the reference showers differ.
template <class Sampler>
int demonstrate(Sampler& sampler) {
  if (report_references(sampler) != 0) return 1;
  report_shower(sampler);
  report_time(sampler);
  return 0;
}
