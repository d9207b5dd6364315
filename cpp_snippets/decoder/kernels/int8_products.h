#pragma once
#include "epilogue.h"
#include "int8_activations.h"

/// Returns one sum, or 256·high + low, as a float that is rounded once.
template <int parts>
CALOEXPORT_INLINE Vector float_of_sum(const Words (&sums)[parts]) noexcept {
  if constexpr (parts == 1) {
    return floats_of_whole(sums[0]);
  } else {
    // cut into a·2^20 + b that floats hold exactly: only adding them rounds
    const Mask high = reinterpret_cast<Mask>(sums[0]) + (reinterpret_cast<Mask>(sums[1]) >> 8);
    const Vector upper = floats_of_whole(reinterpret_cast<Words>(high >> 12));
    const Words middle = (reinterpret_cast<Words>(high) & 0xFFFu) << 8;
    const Vector lower = floats_of_whole(middle | (sums[1] & 255u));
    return kept(kept(upper * 0x1p20f) + lower);
  }
}

/// Products of rounded rows with one kernel.
template <int bits>
struct Int8Product {
  static constexpr int parts = Int8<bits>::parts;

  const Step& step;
  const Rows& rows;           ///< `work` holds them rounded, see round_to_int8
  std::ptrdiff_t row_floats;  ///< of a rounded row
  std::ptrdiff_t words;       ///< along the inputs

  /// Multiplies `count` rows, number `row` the first of them, with the outputs from `first` up to
  /// `last`, `vectors` vectors at a time, or the half or the quarter of that where fewer hold the
  /// rest.
  template <int count, int vectors>
  CALOEXPORT_INLINE void multiply_outputs(std::ptrdiff_t row, std::ptrdiff_t first,
                                          std::ptrdiff_t last) const noexcept {
    for (; first < last; first += vectors * lanes) {
      const std::ptrdiff_t rest = last - first;
      if (vectors >= 4 && rest <= vectors / 4 * lanes) {
        multiply<count, (vectors + 3) / 4>(row, first);
      } else if (vectors >= 2 && rest <= vectors / 2 * lanes) {
        multiply<count, (vectors + 1) / 2>(row, first);
      } else {
        multiply<count, vectors>(row, first);
      }
    }
  }

  /// Multiplies `count` rows, number `row` the first of them, with `vectors` vectors of outputs,
  /// `first` the first one.
  template <int count, int vectors>
  CALOEXPORT_TARGET void multiply(std::ptrdiff_t row, std::ptrdiff_t first) const noexcept {
    const Word* inputs[count];
    Words sums[count][vectors][parts];
    CALOEXPORT_UNROLL for (int k = 0; k < count; ++k) {
      const auto* header = reinterpret_cast<const Int8Header*>(rows.work + (row + k) * row_floats);
      inputs[k] = reinterpret_cast<const Word*>(header + 1);
      CALOEXPORT_UNROLL for (int v = 0; v < vectors; ++v) {
        CALOEXPORT_UNROLL for (int part = 0; part < parts; ++part) {
          sums[k][v][part] = Words{} + header->begin[part];
        }
      }
    }
    const std::ptrdiff_t tile = first / tile_outputs;
    const char* const weights = static_cast<const char*>(step.first) +
                                4 * (tile * words * tile_outputs + first % tile_outputs);
    Int8<bits>::template add_products<count, vectors>(weights, inputs, words, sums);
    // several rows pass through one copy of what follows, and what it indexes stands in memory
    Words copies[count][vectors][parts];
    CALOEXPORT_UNROLL for (int k = 0; k < count; ++k) {
      CALOEXPORT_UNROLL for (int v = 0; v < vectors; ++v) {
        CALOEXPORT_UNROLL for (int part = 0; part < parts; ++part) {
          copies[k][v][part] = sums[k][v][part];
        }
      }
    }
    for (int k = 0; k < count; ++k) finish_sums(row + k, first, copies[k]);
  }

  /// Makes floats of sums, adds the bias, and goes on with the epilogue.
  template <int vectors>
  CALOEXPORT_INLINE void finish_sums(std::ptrdiff_t row, std::ptrdiff_t first,
                                     const Words (&sums)[vectors][parts]) const noexcept {
    const Vector row_step = splat(rows.work[row * row_floats]);
    const float* const bias = static_cast<const float*>(step.second) + first;
    Vector values[vectors];
    CALOEXPORT_UNROLL for (int v = 0; v < vectors; ++v) {
      const Vector factor = kept(row_step * load(step.scale + first + v * lanes));
      const Vector product = kept(float_of_sum(sums[v]) * factor);
      values[v] = kept(product + load(bias + v * lanes));
    }
    finish<vectors>(step, rows, row, first, values);
  }
};

//% if uses("several_rows")
/// Outputs that a block of rows passes before the next block, and bytes of their weights at most:
/// they stay in the second cache.
inline constexpr std::ptrdiff_t int8_longest_run = 16 * tile_outputs, int8_run_bytes = 1 << 18;

//% endif
/// Multiplies rounded rows with all outputs of a kernel.
template <int bits>
CALOEXPORT_TARGET void multiply_rounded(const Int8Product<bits>& product) noexcept {
  const std::ptrdiff_t n_out = product.step.n_out, count = product.rows.count;
  if (count == 1) return product.template multiply_outputs<1, row_vectors>(0, 0, n_out);
  //% if uses("several_rows")
  constexpr int together = Int8<bits>::block_rows;
  const std::ptrdiff_t fitting = int8_run_bytes / (4 * tile_outputs * product.words);
  const std::ptrdiff_t run =
      std::clamp(fitting * tile_outputs, std::ptrdiff_t{tile_outputs}, int8_longest_run);
  for (std::ptrdiff_t first = 0; first < n_out; first += run) {
    const std::ptrdiff_t last = std::min(n_out, first + run);
    std::ptrdiff_t row = 0;
    for (; row + together <= count; row += together) {
      product.template multiply_outputs<together, Int8<bits>::block_vectors>(row, first, last);
    }
    for (; row < count; ++row) {
      product.template multiply_outputs<1, row_vectors>(row, first, last);
    }
  }
  //% endif
}

/// Multiplies rows of activations, rounded to 16 or 8 bits, with a kernel of bytes.
///
/// rows.work: int8_row_floats(n_in) floats for each row, for up to `positions_together` of them.
template <int bits>
CALOEXPORT_TARGET void dense_int8(const Step& step, const Rows& rows) noexcept {
  const std::ptrdiff_t row_floats = int8_row_floats(step.n_in);
  for (std::ptrdiff_t first = 0; first < rows.count; first += positions_together) {
    Rows some = rows;
    some.inputs += first * rows.stride;
    some.results += first * rows.gap;
    some.count = std::min(rows.count - first, positions_together);
    for (std::ptrdiff_t row = 0; row < some.count; ++row) {
      round_to_int8<bits>(some.inputs + row * rows.stride, step.n_in, some.work + row * row_floats);
    }
    multiply_rounded(Int8Product<bits>{step, some, row_floats, (step.n_in + 3) / 4});
  }
}
