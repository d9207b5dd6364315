// Print the reference showers as several threads make them with one model.
//
// Compiled with SAMPLER, the header of a snippet, and MODEL and GENERATOR, its classes.
#include SAMPLER

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

#include "demonstration.h"

namespace {

constexpr std::size_t n_threads = 4, n_rounds = 8;

/// Make the reference showers again and again: `energies_mev` gets those of the first round.
///
/// Returns the number of showers that came out otherwise in a later round.
template <class Sampler>
std::size_t make_showers(Sampler& sampler, std::vector<float>& energies_mev) {
  std::size_t n_different = 0;
  std::vector<float> shower;
  for (std::size_t round = 0; round < n_rounds; ++round) {
    for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
      const generator::ReferenceShower& one = generator::reference_showers()[k];
      const auto status = sampler.sample(one.conditions, one.seed, one.number, shower);
      if (status != generator::Status::ok) ++n_different;
      if (round == 0) energies_mev.insert(energies_mev.end(), shower.begin(), shower.end());
      const auto first = energies_mev.begin() + static_cast<std::ptrdiff_t>(k * shower.size());
      if (!std::equal(shower.begin(), shower.end(), first)) ++n_different;
    }
  }
  return n_different;
}

}  // namespace

int main(int, char** words) {
  const MODEL model(words[1]);
  std::vector<std::vector<float>> made(n_threads);
  std::atomic<std::size_t> n_different = 0;
  std::vector<std::thread> threads;
  for (std::vector<float>& energies_mev : made) {
    threads.emplace_back([&] {
      GENERATOR sampler(model);
      n_different += make_showers(sampler, energies_mev);
    });
  }
  for (std::thread& one : threads) one.join();
  std::printf("%zu showers differ from round to round\n", n_different.load());
  for (const std::vector<float>& energies_mev : made) {
    for (const float energy_mev : energies_mev) std::printf("%a ", static_cast<double>(energy_mev));
    std::printf("\n");
  }
  GENERATOR sampler(model);
  if (demonstrate(sampler) != 0) return 1;
  // a condition outside the trained range, and an engine that is missing
  std::vector<float> shower;
  generator::Conditions conditions = generator::reference_showers()[0].conditions;
  double (*const no_engine)() = nullptr;
  std::puts(generator::message(sampler.sample(conditions, no_engine, shower)));
  conditions.energy_mev *= 1e9;
  std::puts(generator::message(sampler.sample(conditions, 1, 0, shower)));
  return 0;
}
