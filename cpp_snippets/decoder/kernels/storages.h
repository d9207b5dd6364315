#pragma once
#include "vectors.h"

//% if uses("float32")
/// Weights as float32: a word of 32 bits is a weight.
struct Float32 {
  static constexpr std::ptrdiff_t inputs_per_word = 1;

  using Inputs = Vector;  ///< the input of a word, in all lanes
  using Column = Vector;  ///< one word of every lane

  static CALOEXPORT_INLINE Inputs inputs(const float* row, std::ptrdiff_t word,
                                         std::ptrdiff_t) noexcept {
    return splat(row[word]);
  }

  static CALOEXPORT_INLINE Column column(const float* words) noexcept { return load(words); }

  /// Returns sums with the products of one word added.
  static CALOEXPORT_INLINE Vector add_to(Vector sums, Column column, Inputs inputs) noexcept {
    return multiply_add(column, inputs, sums);
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
  using Column = Words;

  /// What stands behind an odd number of inputs.
  static constexpr float behind = 0.0F;

  static CALOEXPORT_INLINE Inputs inputs(const float* row, std::ptrdiff_t word,
                                         std::ptrdiff_t n_in) noexcept {
    const float* const first = row + 2 * word;
    const float* const second = 2 * word + 1 < n_in ? first + 1 : &behind;
    return {splat(*first), splat(*second)};
  }

  static CALOEXPORT_INLINE Column column(const float* words) noexcept {
#if defined(__clang__)
    return load_words(words);
#else
    return bits_of(kept(load(words)));  // g++ would read memory once for either half
#endif
  }

  static CALOEXPORT_INLINE Vector add_to(Vector sums, Column column, Inputs inputs) noexcept {
    const Vector total = multiply_add(floats_of(column << 16), inputs.first, sums);
    return multiply_add(floats_of(column & 0xFFFF0000U), inputs.second, total);
  }
};

//% endif
/// Returns how many words n_in inputs take.
template <class Weights>
CALOEXPORT_INLINE std::ptrdiff_t words_of(std::ptrdiff_t n_in) noexcept {
  return (n_in + Weights::inputs_per_word - 1) / Weights::inputs_per_word;
}
