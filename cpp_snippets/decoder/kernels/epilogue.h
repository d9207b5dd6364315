#pragma once
#include <algorithm>

#include "activations.h"

/// The rows of inputs that a layer multiplies, and what it makes of them. Distances count floats.
struct Rows {
  const float* inputs;
  std::ptrdiff_t stride;  ///< from one row of inputs to the next
  std::ptrdiff_t count;
  float* results;
  std::ptrdiff_t gap;  ///< from one row of results to the next
  float factor;        ///< results are multiplied by it; 1 within a network
  float threshold;     ///< smaller results become 0; -infinity within a network
  float* work;         ///< room for inputs that are rounded before they are multiplied
};

/// Finishes sums with their bias: activation, factor, threshold, and stores them.
///
/// A function of its own, as all forms of a product end like this: the code stays small, and going
/// through memory costs less than one row of weights.
///
/// row: which of the rows. first: the output that the first lane belongs to. What stands behind
/// the last output is not stored.
template <std::ptrdiff_t vectors>
CALOEXPORT_TARGET __attribute__((noinline)) void finish(const Step& step, const Rows& rows,
                                                        std::ptrdiff_t row, std::ptrdiff_t first,
                                                        const Vector* sums) noexcept {
  Vector values[vectors];
  CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) values[k] = sums[k];
  activate(step, first, values);
  float* const results = rows.results + row * rows.gap + first;
  const std::ptrdiff_t count = step.n_out - first;
  CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) {
    const Vector x = values[k] * rows.factor;
    const Vector result = where(x < rows.threshold, Vector{}, x);
    if (k * lanes < count) store_some(results + k * lanes, result, count - k * lanes);
  }
}
