#pragma once
#include "../levels/avx512.h"
#include "words.h"

/// Products of bytes: one instruction multiplies the weights of a word with four bytes of inputs.
/// Inputs of 16 bits are two bytes, 256·high + low, both signed; their products are summed apart,
/// |high| ≤ 127·127·n and |low| ≤ 128·127·n for n inputs.
template <int bits>
struct Int8 {
  /// Sums of an output, and words of every four inputs.
  static constexpr int parts = bits / 8;
  static constexpr int words_of_four = parts;
  /// Rows that are multiplied together: their sums, weights and an input fit the registers.
  static constexpr int block_rows = 6 / parts;
  static constexpr int block_vectors = 4;

  /// Returns the lowest byte of every word.
  static CALOEXPORT_INLINE __m128i bytes_of(Words x) noexcept {
    // g++ 12 warns of the form without a mask: its register would be undefined at first
    return _mm512_maskz_cvtepi32_epi8(0xFFFF, reinterpret_cast<__m512i>(x));
  }

  /// Writes sixteen whole numbers as products read them: the high bytes of four, the low ones.
  static CALOEXPORT_INLINE void pack(Words levels, void* to) noexcept {
    auto* const words = static_cast<__m128i*>(to);
    const __m128i low = bytes_of(levels);
    if constexpr (bits == 8) {
      _mm_storeu_si128(words, low);
    } else {
      const __m128i high = bytes_of((levels + 128) >> 8);
      _mm_storeu_si128(words, _mm_unpacklo_epi32(high, low));
      _mm_storeu_si128(words + 1, _mm_unpackhi_epi32(high, low));
    }
  }

  /// Returns what whole numbers add to the sum of low bytes; the others add to 256·high.
  static CALOEXPORT_INLINE Words low_part(Words levels) noexcept {
    return reinterpret_cast<Words>(reinterpret_cast<Mask>(levels << 24) >> 24);
  }

  /// Adds the products of all inputs to sums.
  ///
  /// weights: (words, 64) words of a tile. inputs: (words, words_of_four) of each row.
  template <int rows, int vectors>
  static CALOEXPORT_INLINE void add_products(const char* weights, const Word* const (&inputs)[rows],
                                             std::ptrdiff_t words,
                                             Words (&sums)[rows][vectors][parts]) noexcept {
    std::ptrdiff_t word = 0;
    do {
      __m512i column[vectors];
      CALOEXPORT_UNROLL for (int k = 0; k < vectors; ++k) {
        column[k] = _mm512_loadu_si512(weights + 256 * word + 64 * k);
        asm("" : "+v"(column[k]));  // g++ would read it again for the second byte of the inputs
      }
      CALOEXPORT_UNROLL for (int row = 0; row < rows; ++row) {
        CALOEXPORT_UNROLL for (int part = 0; part < parts; ++part) {
          const Words four = Words{} + inputs[row][words_of_four * word + part];
          CALOEXPORT_UNROLL for (int k = 0; k < vectors; ++k) {
            Words& total = sums[row][k][part];
            total = reinterpret_cast<Words>(_mm512_dpbusd_epi32(
                reinterpret_cast<__m512i>(total), column[k], reinterpret_cast<__m512i>(four)));
          }
        }
      }
    } while (++word < words);
  }
};
