#pragma once
#include <algorithm>

#include "dense.h"

/// Returns the rows of a product within a network.
CALOEXPORT_INLINE Rows rows_between(const Step& step, const float* inputs, std::ptrdiff_t count,
                                    float* results, float* scratch) noexcept {
  return {inputs, step.n_in, count, results, step.n_out, 1.0F, -infinity, scratch + step.work};
}

/// Runs a convolution with its activation: the windows of a block of positions are written out at
/// `other`, one after the other, and multiplied together.
CALOEXPORT_TARGET inline void convolve(const Step& step, float* scratch) noexcept {
  const float* const source = scratch + step.source;
  float* const windows = scratch + step.other;
  for (std::ptrdiff_t first = 0; first < step.positions; first += positions_together) {
    const std::ptrdiff_t count = std::min(positions_together, step.positions - first);
    float* window = windows;
    for (std::ptrdiff_t row = 0; row < count; ++row) {
      for (std::ptrdiff_t tap = 0; tap < step.stretches; ++tap) {
        const float* const from = source + step.places[first + row] + step.offsets[tap];
        window = std::copy_n(from, step.stretch, window);
      }
    }
    float* const results = scratch + step.target + first * step.n_out;
    dense(step, rows_between(step, windows, count, results, scratch));
  }
}

/// Adds the products of some cells with the taps of a transposed convolution to where they belong.
CALOEXPORT_TARGET inline void add_parts(const Step& step, const float* parts, std::ptrdiff_t first,
                                        std::ptrdiff_t count, float* target) noexcept {
  for (std::ptrdiff_t row = 0; row < count; ++row) {
    for (std::ptrdiff_t tap = 0; tap < step.stretches; ++tap) {
      float* const to = target + step.places[first + row] + step.offsets[tap];
      for (std::ptrdiff_t i = 0; i < step.stretch; ++i) to[i] += parts[i];
      parts += step.stretch;
    }
  }
}

/// Runs a transposed convolution: the products of a block of cells with the whole kernel are
/// written at `other`, and each tap's part is added to the cell where it belongs.
CALOEXPORT_TARGET inline void spread(const Step& step, float* scratch) noexcept {
  float* const target = scratch + step.target;
  float* const products = scratch + step.other;
  for (std::ptrdiff_t k = 0; k < step.cells * step.stretch; ++k) {
    target[k] = load_one(step.cell_bias + k % step.stretch);
  }
  for (std::ptrdiff_t first = 0; first < step.positions; first += positions_together) {
    const std::ptrdiff_t count = std::min(positions_together, step.positions - first);
    const float* const inputs = scratch + step.source + first * step.n_in;
    dense(step, rows_between(step, inputs, count, products, scratch));
    add_parts(step, products, first, count, target);
  }
}
