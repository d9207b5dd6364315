#pragma once
#include "vectors.h"
#include "words.h"

using Halves __attribute__((vector_size(lanes * 4), may_alias)) = std::uint16_t;

/// Products of pairs of 16-bit numbers: of the weights k and k+2 of a word, then k+1 and k+3, with
/// inputs that stand in the same order.
///
/// Inputs of 16 bits: sums s of up to 256 inputs, at most 255·32639·256 < 2^31, are split as
/// s = 256·(s >> 8) + (s & 255), and the parts added up: |high| ≤ 16256·n, |low| ≤ 16385·n for n
/// inputs. Inputs of 8 bits: one sum, at most 127·127·n.
template <int bits>
struct Int8 {
  /// Sums of an output, and words of every four inputs.
  static constexpr int parts = bits / 8;
  static constexpr int words_of_four = 2;
  /// Rows that are multiplied together: their sums, weights and an input fit the registers.
  static constexpr int block_rows = 4;
  static constexpr int block_vectors = 2;
  /// Words of weights whose products one 32-bit sum takes.
  static constexpr std::ptrdiff_t words_of_sum = 64;

  /// Writes a vector of whole numbers as products read them.
  static CALOEXPORT_INLINE void pack(Words levels, void* to) noexcept {
    std::uint64_t twos[lanes / 2];
    std::memcpy(twos, &levels, sizeof twos);
    constexpr std::uint64_t low_halves = 0x0000FFFF0000FFFFu;
    std::uint64_t packed[lanes / 4];
    CALOEXPORT_UNROLL for (int k = 0; k < lanes / 4; ++k) {
      packed[k] = (twos[2 * k] & low_halves) | ((twos[2 * k + 1] & low_halves) << 16);
    }
    std::memcpy(to, packed, sizeof packed);
  }

  /// Returns what whole numbers add to the low part of a sum by themselves: it is split as a whole.
  static CALOEXPORT_INLINE Words low_part(Words) noexcept { return Words{}; }

  /// Adds the products of all inputs to sums.
  ///
  /// weights: (words, 64) words of a tile. inputs: (words, words_of_four) of each row.
  template <int rows, int vectors>
  static CALOEXPORT_INLINE void add_products(const char* weights, const Word* const (&inputs)[rows],
                                             std::ptrdiff_t words,
                                             Words (&sums)[rows][vectors][parts]) noexcept {
    const std::ptrdiff_t most = bits == 8 ? words : words_of_sum;
    for (std::ptrdiff_t first = 0; first < words; first += most) {
      const std::ptrdiff_t last = first + most < words ? first + most : words;
      Words totals[rows][vectors] = {};
      std::ptrdiff_t word = first;
      do {
        add_word(weights + 256 * word, inputs, words_of_four * word, totals);
      } while (++word < last);
      CALOEXPORT_UNROLL for (int row = 0; row < rows; ++row) {
        CALOEXPORT_UNROLL for (int k = 0; k < vectors; ++k) {
          add_total(totals[row][k], sums[row][k]);
        }
      }
    }
  }

  template <int rows, int vectors>
  static CALOEXPORT_INLINE void add_word(const char* weights, const Word* const (&inputs)[rows],
                                         std::ptrdiff_t place,
                                         Words (&totals)[rows][vectors]) noexcept {
    CALOEXPORT_UNROLL for (int k = 0; k < vectors; ++k) {
      const Words column = bits_of(kept(load(weights + k * lanes * 4)));  // g++ would read twice
      const Words even = column & 0x00FF00FFu;
      const Words odd = reinterpret_cast<Words>(reinterpret_cast<Halves>(column) >> 8);
      CALOEXPORT_UNROLL for (int row = 0; row < rows; ++row) {
        const Word* const four = inputs[row] + place;
        const Words half = dot_pairs(totals[row][k], even, Words{} + four[0]);
        totals[row][k] = dot_pairs(half, odd, Words{} + four[1]);
      }
    }
  }

  static CALOEXPORT_INLINE void add_total(Words total, Words (&parts_of_sum)[parts]) noexcept {
    if constexpr (bits == 8) {
      parts_of_sum[0] += total;
    } else {
      parts_of_sum[0] += reinterpret_cast<Words>(reinterpret_cast<Mask>(total) >> 8);
      parts_of_sum[1] += total & 255;
    }
  }
};
