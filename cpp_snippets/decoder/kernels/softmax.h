#pragma once
#include <algorithm>
#include <cmath>

#include "../step.h"
#include "formulas.h"

/// Normalises e^x to the sum 1 over n values in place, or gives its logarithm. The sum is taken in
/// float64.
CALOEXPORT_TARGET inline void normalize_exponentials(float* values, std::ptrdiff_t n,
                                                     bool logarithm) noexcept {
  float largest = values[0];
  for (std::ptrdiff_t i = 1; i < n; ++i) largest = std::max(largest, values[i]);
  double total = 0.0;
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    const Vector x = load_some(values + i, n - i) - largest;
    const Vector e = exponential_negative(x);
    const std::ptrdiff_t count = std::min(lanes, n - i);
    for (std::ptrdiff_t lane = 0; lane < count; ++lane) total += static_cast<double>(e[lane]);
    store_some(values + i, logarithm ? x : e, n - i);
  }
  const Vector shift = splat(logarithm ? static_cast<float>(std::log(total)) : 0.0F);
  const Vector share = splat(logarithm ? 1.0F : static_cast<float>(1.0 / total));
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    store_some(values + i, (load_some(values + i, n - i) - shift) * share, n - i);
  }
}

/// Applies softmax to (positions, n_out) values, in n_in groups of the sizes at `first`.
CALOEXPORT_TARGET inline void softmax(const Step& step, const float* source,
                                      float* target) noexcept {
  const std::int64_t* const sizes = static_cast<const std::int64_t*>(step.first);
  std::copy_n(source, step.positions * step.n_out, target);
  for (std::ptrdiff_t position = 0; position < step.positions; ++position) {
    float* values = target + position * step.n_out;
    for (std::ptrdiff_t group = 0; group < step.n_in; ++group) {
      const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(sizes[group]);
      normalize_exponentials(values, size, step.logarithm);
      values += size;
    }
  }
}
