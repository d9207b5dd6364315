// What a network needs around it: conditions and random numbers in, MeV out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "generator.h"

/// Makes showers with a network. One per thread: it holds the inputs of one shower.
///
/// Network: a class whose objects evaluate network(const float* inputs, float* outputs).
template <class Network>
class ShowerSampler {
 public:
  /// Arguments are those of the network.
  template <class... Arguments>
  explicit ShowerSampler(Arguments&&... arguments)
      : network_(std::forward<Arguments>(arguments)...), inputs_(generator::n_inputs) {}

  /// Make a shower with random numbers of your engine: noise() gives N(0, 1), or U(0, 1) where
  /// generator::noise_is_normal is false.
  ///
  /// energies_mev gets the energy of each cell (n_cells); its memory is used again. Conditions
  /// outside the trained range are refused, clamped or taken, as `policy` says.
  template <class Noise>
  generator::Status sample(generator::Conditions conditions, Noise&& noise,
                           std::vector<float>& energies_mev,
                           generator::OutOfRange policy = generator::OutOfRange::error) {
    generator::Status status = generator::admit(conditions, policy);
    if (status == generator::Status::ok) status = generator::draw(noise, inputs_.data());
    if (status == generator::Status::ok) finish(conditions, energies_mev);
    return status;
  }

  /// Make shower `number` of a seed: the random numbers of caloexport in Python.
  generator::Status sample(generator::Conditions conditions, std::uint64_t seed,
                           std::uint64_t number, std::vector<float>& energies_mev,
                           generator::OutOfRange policy = generator::OutOfRange::error) {
    const generator::Status status = generator::admit(conditions, policy);
    if (status != generator::Status::ok) return status;
    generator::latents(seed, number, inputs_.data());
    finish(conditions, energies_mev);
    return status;
  }

  /// Compare the reference showers: "" or what differs, in one line.
  std::string check() { return generator::check(network_); }

 private:
  void finish(const generator::Conditions& conditions, std::vector<float>& energies_mev) {
    generator::encode(conditions, inputs_.data() + generator::n_latents);
    energies_mev.resize(generator::n_outputs);
    network_(inputs_.data(), energies_mev.data());
    generator::energies(conditions, energies_mev.data());
    energies_mev.resize(
        generator::n_cells);  // a generator of fractions has more outputs than cells
  }

  Network network_;
  std::vector<float> inputs_;
};
