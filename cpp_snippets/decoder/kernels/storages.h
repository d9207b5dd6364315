#pragma once
#include "vectors.h"

//% if uses("float32")
/// Weights as float32: a word of 32 bits is a weight.
struct Float32 {
  static constexpr std::ptrdiff_t inputs_per_word = 1;

  /// The inputs of one word, each in all lanes.
  struct Inputs {
    Vector x;
  };

  static CALOEXPORT_INLINE Inputs inputs(const float* row, std::ptrdiff_t word,
                                         std::ptrdiff_t) noexcept {
    return {splat(row[word])};
  }

  /// Returns sums with the products of one word of every lane added.
  static CALOEXPORT_INLINE Vector add_to(Vector sums, const float* words, Inputs inputs) noexcept {
    return multiply_add(load(words), inputs.x, sums);
  }
};

//% endif
//% if uses("bfloat16")
/// Weights as bfloat16, the upper half of a float32: a word holds those of two inputs, the first
/// in its lower half.
struct BFloat16 {
  static constexpr std::ptrdiff_t inputs_per_word = 2;

  struct Inputs {
    Vector first, second;
  };

  static CALOEXPORT_INLINE Inputs inputs(const float* row, std::ptrdiff_t word,
                                         std::ptrdiff_t n_in) noexcept {
    const std::ptrdiff_t first = 2 * word, second = first + 1;
    return {splat(row[first]), splat(second < n_in ? row[second] : 0.0F)};
  }

  static CALOEXPORT_INLINE Vector add_to(Vector sums, const float* words, Inputs inputs) noexcept {
    const Words both = load_words(words);
    const Vector total = multiply_add(floats_of(both << 16), inputs.first, sums);
    return multiply_add(floats_of(both & 0xFFFF0000U), inputs.second, total);
  }
};

//% endif
/// Returns how many words n_in inputs take.
template <class Weights>
CALOEXPORT_INLINE std::ptrdiff_t words_of(std::ptrdiff_t n_in) noexcept {
  return (n_in + Weights::inputs_per_word - 1) / Weights::inputs_per_word;
}
