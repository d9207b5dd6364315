#pragma once
#include <algorithm>
#include <cstring>

#include "int8_pairs.h"

/// What stands before the words of a row of activations that were rounded to whole numbers.
struct Int8Header {
  float step;       ///< activation = step · whole number; NaN where one is not finite
  Word begin[2];    ///< of sums: -128·Σ of the whole numbers, as weights are stored as q + 128
  Word unused[13];  ///< words begin at a multiple of 64 bytes
};
inline constexpr std::ptrdiff_t int8_header_words = sizeof(Int8Header) / sizeof(Word);

/// Returns the floats that a rounded row of n_in activations takes.
constexpr std::ptrdiff_t int8_row_floats(std::ptrdiff_t n_in) noexcept {
  return int8_header_words + (n_in + 15) / 16 * 8;
}

/// Returns the bits of the largest magnitude of (n_in) floats. Those of positive floats are ordered
/// like the floats, infinity and NaN above all others.
CALOEXPORT_INLINE std::int32_t largest_bits(const float* inputs, std::ptrdiff_t n_in) noexcept {
  Mask largest = {};
  for (std::ptrdiff_t k = 0; k < n_in; k += lanes) {
    const Words bits = bits_of(load_some(inputs + k, n_in - k)) & 0x7FFFFFFFu;
    const Mask size = reinterpret_cast<Mask>(bits);
    largest = size > largest ? size : largest;
  }
  std::int32_t all = 0;
  for (std::ptrdiff_t lane = 0; lane < lanes; ++lane) all = std::max(all, largest[lane]);
  return all;
}

/// Returns -128·Σ of all lanes, modulo 2^32.
CALOEXPORT_INLINE Word without_128(Words levels) noexcept {
  Word total = 0;
  for (std::ptrdiff_t lane = 0; lane < lanes; ++lane) total += levels[lane];
  return total * static_cast<Word>(-128);
}

/// Rounds a row of activations to whole numbers a = rint(h · (L/m)), where m is the largest |h|,
/// at least 1e-30, and L the largest level, 127 or 127·256 + 127.
///
/// inputs: (n_in). row: the header, then the words, of the size of int8_row_floats.
template <int bits>
CALOEXPORT_TARGET void round_to_int8(const float* inputs, std::ptrdiff_t n_in,
                                     float* row) noexcept {
  constexpr std::int32_t infinity_bits = 0x7F800000, nan_bits = 0x7FC00000;
  constexpr float smallest = 1e-30f;
  // adding it rounds to a whole number, ties to even, which then stands in the low bits
  constexpr float rounding = 0x1.8p23f;
  constexpr std::uint32_t rounding_bits = 0x4B400000u;
  const std::int32_t largest = largest_bits(inputs, n_in);
  const bool finite = largest < infinity_bits;
  float bounded;
  std::memcpy(&bounded, &largest, sizeof bounded);
  bounded = bounded > smallest ? bounded : smallest;
  float level = bits == 8 ? 127.0f : 32639.0f;
  asm("" : "+m"(level));  // a quotient, not a product with the inverse of a constant
  const Vector inverse = splat(finite ? level / bounded : 0.0f);
  Int8Header header = {};
  header.step = bounded / level;
  // as bits: -ffast-math knows no NaN
  if (!finite) std::memcpy(&header.step, &nan_bits, sizeof nan_bits);
  Words total = {}, low = {};
  char* words = reinterpret_cast<char*>(row + int8_header_words);
  for (std::ptrdiff_t k = 0; k < n_in; k += lanes) {
    const Vector scaled_input = kept(load_some(inputs + k, n_in - k) * inverse);
    const Words levels = bits_of(kept(scaled_input + rounding)) - rounding_bits;
    total += levels;
    low += Int8<bits>::low_part(levels);
    Int8<bits>::pack(levels, words);
    words += lanes * Int8<bits>::words_of_four;
  }
  if constexpr (bits == 8) {
    header.begin[0] = without_128(total);
  } else {
    const Mask rest = reinterpret_cast<Mask>(total - low);
    header.begin[0] = without_128(reinterpret_cast<Words>(rest >> 8));
    header.begin[1] = without_128(low + (reinterpret_cast<Words>(rest) & 255));
  }
  std::memcpy(row, &header, sizeof header);
}
