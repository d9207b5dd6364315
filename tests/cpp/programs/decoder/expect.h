#pragma once
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "decoder_case.h"

/// How many expectations were not met; each is printed.
inline int failures = 0;

inline void expect(bool met, const std::string& what) {
  if (met) return;
  std::printf("not met: %s\n", what.c_str());
  ++failures;
}

/// The decoder of this program, from its weights file where it has one.
inline generator::Decoder make_decoder() {
#if defined(DECODER_WEIGHTS)
  return generator::Decoder(DECODER_WEIGHTS);
#else
  return generator::Decoder();
#endif
}

/// Conditions that the generator was trained for.
inline generator::Conditions usual_conditions() {
  return generator::reference_showers()[1].conditions;
}

inline std::vector<float> energies_of(const generator::Shower& shower) {
  return std::vector<float>(shower.energies(), shower.energies() + generator::n_cells);
}

/// Whether two showers have the same bits, which == would not tell of zeros and NaN.
inline bool same_bits(const std::vector<float>& one, const std::vector<float>& other) {
  return one.size() == other.size() &&
         std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0;
}

inline bool is_empty(generator::Shower& shower) {
  const std::vector<float> energies_mev = energies_of(shower);
  return shower.cells().empty() && same_bits(energies_mev, std::vector<float>(generator::n_cells));
}
