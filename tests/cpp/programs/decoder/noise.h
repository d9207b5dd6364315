#pragma once
#include <functional>
#include <random>

#include "expect.h"

/// Noise comes from a seed, from an engine, from a callable or from the caller's own latents.
inline void check_noise(const generator::Decoder& decoder) {
  const generator::Conditions conditions = usual_conditions();
  generator::Shower shower(decoder), again(decoder);
  const auto same_from_latents = [&](generator::Status status, const char* what) {
    expect(status == generator::Status::ok, std::string(what) + ": " + generator::message(status));
    const std::vector<float> drawn(shower.latents(), shower.latents() + generator::n_latents);
    decoder.decode(drawn.data(), conditions, again);
    expect(same_bits(energies_of(shower), energies_of(again)),
           std::string(what) + " gives the shower of its latents");
  };
  same_from_latents(decoder.sample(conditions, 11, 12, shower), "a seed");

  std::mt19937_64 engine(5);
  same_from_latents(decoder.sample(conditions, engine, shower), "an engine");
  expect(engine != std::mt19937_64(5), "the caller's engine moves on");

  std::size_t calls = 0;
  const auto counted = [&calls] { return 0.1 * static_cast<double>(++calls % 7); };
  same_from_latents(decoder.sample(conditions, counted, shower), "a callable");
  expect(calls == generator::n_latents, "one call for each latent");

  std::vector<float> drawn(generator::n_latents);
  generator::latents(11, 12, drawn.data());
  decoder.sample(conditions, 11, 12, shower);
  expect(same_bits(drawn, {shower.latents(), shower.latents() + generator::n_latents}),
         "the latents of a seed");

  double (*const nobody)() = nullptr;
  const float* volatile nothing = nullptr;  // a null that compilers see is a warning
  const auto is_refused = [&](generator::Status status) {
    return status == generator::Status::no_noise && is_empty(shower);
  };
  expect(is_refused(decoder.sample(conditions, nobody, shower)), "a null function is refused");
  decoder.sample(conditions, 11, 12, shower);
  expect(is_refused(decoder.sample(conditions, std::function<double()>(), shower)),
         "an empty std::function is refused");
  decoder.sample(conditions, 11, 12, shower);
  expect(is_refused(decoder.decode(nothing, conditions, shower)), "null latents are refused");
}
