#pragma once
#include <cmath>
#include <limits>

#include "expect.h"

/// Conditions outside the trained range are refused, moved or taken, as the caller says.
inline void check_conditions(const generator::Decoder& decoder) {
  using generator::OutOfRange;
  using generator::Status;
  constexpr generator::Range range = generator::energy_mev_range;
  generator::Shower shower(decoder);
  const auto sampled = [&](double energy_mev, OutOfRange policy) {
    generator::Conditions conditions = usual_conditions();
    conditions.energy_mev = energy_mev;
    const Status status = decoder.sample(conditions, 3, 4, shower, policy);
    expect(status == Status::ok || is_empty(shower), "a refused shower is empty");
    return status;
  };
  expect(sampled(range.low, OutOfRange::error) == Status::ok, "the lowest energy");
  const std::vector<float> lowest = energies_of(shower);
  expect(sampled(range.high, OutOfRange::error) == Status::ok, "the highest energy");
  expect(!same_bits(energies_of(shower), lowest), "another energy, another shower");

  expect(sampled(range.low / 2, OutOfRange::error) == Status::out_of_range, "below the range");
  expect(sampled(range.high * 2, OutOfRange::error) == Status::out_of_range, "above the range");
  expect(sampled(range.low / 2, OutOfRange::clamp) == Status::ok, "clamped");
  expect(same_bits(energies_of(shower), lowest), "clamping moves to the end of the range");
  expect(sampled(range.low / 2, OutOfRange::extrapolate) == Status::ok, "extrapolated");
  expect(!same_bits(energies_of(shower), lowest), "extrapolating moves nothing");
  expect(sampled(range.low, OutOfRange::error) == Status::ok, "after refusals");
  expect(same_bits(energies_of(shower), lowest), "a refused shower leaves no trace");

  for (const OutOfRange policy : {OutOfRange::error, OutOfRange::clamp, OutOfRange::extrapolate}) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = HUGE_VAL;
    expect(sampled(nan, policy) == Status::not_finite, "NaN is refused");
    expect(sampled(infinity, policy) == Status::not_finite, "infinity is refused");
    expect(sampled(-1.0, policy) == Status::negative_energy, "a negative energy is refused");
    const Status status = decoder.sample(generator::Conditions{}, 3, 4, shower, policy);
    expect(status != Status::ok && is_empty(shower), "forgotten conditions are refused");
  }
}
