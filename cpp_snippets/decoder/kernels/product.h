#pragma once
#include "epilogue.h"
#include "storages.h"

/// Multiplies some rows with some vectors of one or two tiles. Each output is summed over the
/// inputs in order, whatever is multiplied together: its bits are always the same.
///
/// row: the first of the rows. first: the output of the first lane. distance: outputs from the
/// first tile to the second.
template <class Weights, std::ptrdiff_t tiles, std::ptrdiff_t rows, std::ptrdiff_t vectors>
CALOEXPORT_TARGET void multiply_tiles(const Step& step, const Rows& data, std::ptrdiff_t row,
                                      std::ptrdiff_t first, std::ptrdiff_t distance) noexcept {
  const std::ptrdiff_t n_words = words_of<Weights>(step.n_in);
  // (tiles, n_words, 64)
  const float* words = static_cast<const float*>(step.first) +
                       first / tile_outputs * tile_outputs * n_words + first % tile_outputs;
  const float* const bias = static_cast<const float*>(step.second) + first;
  const float* const inputs = data.inputs + row * data.stride;
  Vector sums[tiles * rows * vectors];
  CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < tiles * rows * vectors; ++k) {
    sums[k] = load(bias + k / (rows * vectors) * distance + k % vectors * lanes);
  }
  for (std::ptrdiff_t word = 0; word < n_words; ++word) {
    typename Weights::Inputs x[rows];
    CALOEXPORT_UNROLL for (std::ptrdiff_t r = 0; r < rows; ++r) {
      x[r] = Weights::inputs(inputs + r * data.stride, word, step.n_in);
    }
    CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < tiles * vectors; ++k) {
      const std::ptrdiff_t tile = k / vectors, vector = k % vectors;
      const auto column = Weights::column(words + tile * distance * n_words + vector * lanes);
      CALOEXPORT_UNROLL for (std::ptrdiff_t r = 0; r < rows; ++r) {
        Vector& sum = sums[(tile * rows + r) * vectors + vector];
        sum = Weights::add_to(sum, column, x[r]);
      }
    }
    words += tile_outputs;
  }
  // only the copies have addresses: the sums stay in registers
  Vector copies[tiles * rows * vectors];
  CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < tiles * rows * vectors; ++k) copies[k] = sums[k];
  for (std::ptrdiff_t k = 0; k < tiles * rows; ++k) {
    finish<vectors>(step, data, row + k % rows, first + k / rows * distance, copies + k * vectors);
  }
}
