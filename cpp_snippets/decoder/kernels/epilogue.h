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

/// Finishes sums with their bias in place: activation, factor, threshold, and stores them.
///
/// first: the output that the first lane belongs to. row: which of the rows. Vectors behind the
/// last output are left alone.
CALOEXPORT_TARGET inline void finish(const Step& step, const Rows& rows, std::ptrdiff_t row,
                                     std::ptrdiff_t first, Outputs& outputs) noexcept {
  const std::ptrdiff_t count = step.n_out - first;
  outputs.used = std::min(outputs.used, (count + lanes - 1) / lanes);
  activate(step, first, outputs);
  float* const results = rows.results + row * rows.gap + first;
  for (std::ptrdiff_t k = 0; k < outputs.used; ++k) {
    const Vector x = outputs.values[k] * rows.factor;
    const Vector result = where(x < rows.threshold, Vector{}, x);
    store_some(results + k * lanes, result, count - k * lanes);
  }
}
