#pragma once
#include <cmath>
#include <string>
#include <vector>

/// Compare cell energies (n_cells) in MeV with a reference shower: "" or what differs, in one line.
inline std::string compare(const ReferenceShower& expected, const float* energies_mev) {
  double total_mev = 0, moment = 0;
  for (std::size_t cell = 0; cell < n_cells; ++cell) {
    const double energy_mev = static_cast<double>(energies_mev[cell]);
    total_mev += energy_mev;
    moment += energy_mev * static_cast<double>(cell);
  }
  const double hottest_mev = static_cast<double>(energies_mev[expected.hottest_cell]);
  const double mean_cell = total_mev > 0 ? moment / total_mev : 0;
  struct Quantity {
    const char* what;
    double found, expected, tolerance;
  };
  constexpr double part = reference_tolerance;
  const Quantity quantities[] = {
      {"total energy in MeV", total_mev, expected.total_mev, part * std::fabs(expected.total_mev)},
      {"energy of the hottest cell in MeV", hottest_mev, expected.hottest_mev,
       part * std::fabs(expected.hottest_mev)},
      {"mean cell number", mean_cell, expected.mean_cell, part * static_cast<double>(n_cells)},
  };
  for (const Quantity& one : quantities) {
    if (!(std::fabs(one.found - one.expected) <= one.tolerance)) {  // NaN is a difference
      return std::string(one.what) + " is " + std::to_string(one.found) + ", expected " +
             std::to_string(one.expected);
    }
  }
  return {};
}

/// Compute the reference showers through a network: "" or what differs, in one line.
///
/// run(const float* inputs, float* outputs) evaluates the network: (n_inputs) to (n_outputs). What
/// is proven is all around it, too: noise, encoding, order of inputs and cells, scale.
template <class Network>
std::string check(Network&& run) {
  std::vector<float> inputs(n_inputs), outputs(n_outputs);
  for (std::size_t k = 0; k < n_reference_showers; ++k) {
    const ReferenceShower& expected = reference_showers()[k];
    latents(expected.seed, expected.number, inputs.data());
    encode(expected.conditions, inputs.data() + n_latents);
    run(static_cast<const float*>(inputs.data()), outputs.data());
    energies(expected.conditions, outputs.data());
    const std::string difference = compare(expected, outputs.data());
    if (!difference.empty()) return "reference shower " + std::to_string(k) + ": " + difference;
  }
  return {};
}
