// Plays Par04InferenceSetup: asks the decoder for energies, and prints them.
//
//   par04_decoder WEIGHTS: four reference showers of silicon-tungsten, then what is refused.

#include <cstdio>
#include <exception>
#include <memory>
#include <vector>

#include "Par04DecoderInference.hh"
#include "Randomize.hh"

namespace {

/// Lay the latents of a shower into the engine, so that it is the one that Python makes.
void lay_in(std::uint64_t seed, std::uint64_t number) {
  std::vector<float> latents(generator::n_latents);
  generator::latents(seed, number, latents.data());
  standin::engine().laid_in.assign(latents.begin(), latents.end());
}

template <class Action>
void tell_refusal(Action&& action) {
  try {
    action();
    std::printf("taken\n");
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
}

}  // namespace

int main(int, char** words) {
  std::unique_ptr<Par04InferenceInterface> interface;
  const auto open = [&] {
    interface.reset();  // its command must be gone before the next one has the same
    interface = std::make_unique<Par04DecoderInference>(words[1]);
    return dynamic_cast<Par04DecoderInference*>(interface.get());
  };
  Par04DecoderInference* decoder = open();
  decoder = open();
  std::vector<G4double> energies;
  tell_refusal([&] { decoder->GetEnergies(energies, 50000, 1.5); });
  tell_refusal([&] { standin::apply("/Par04/decoder/choose geometry cheese"); });
  std::printf("%d\n", standin::apply("/Par04/decoder/choose geometry siw"));
  tell_refusal([&] { decoder->GetEnergies(energies, 50000, 0.5); });
  tell_refusal([&] { interface->RunInference({}, energies, 0); });
  for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
    const generator::ReferenceShower& one = generator::reference_showers()[k];
    lay_in(one.seed, one.number);
    decoder->GetEnergies(energies, one.conditions.energy_mev, one.conditions.theta_rad, 0.3);
    for (const G4double energy : energies) std::printf("%a ", energy);
    std::printf("\n");
  }
}
