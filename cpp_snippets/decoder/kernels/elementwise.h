#pragma once
#include <algorithm>
#include <cmath>

#include "activations.h"

//% if uses("output")
/// Writes values · factor, 0 where that is below the threshold.
CALOEXPORT_TARGET inline void write_results(const float* values, std::ptrdiff_t n, float* results,
                                            float factor, float threshold) noexcept {
  for (std::ptrdiff_t i = 0; i < n; i += lanes) {
    const Vector x = load_some(values + i, n - i) * factor;
    store_some(results + i, where(x < threshold, Vector{}, x), n - i);
  }
}

//% endif
//% if uses("copy")
/// Copies stretches of n_in neighbours to places n_out apart.
CALOEXPORT_TARGET inline void copy(const Step& step, const float* source, float* target) noexcept {
  for (std::ptrdiff_t position = 0; position < step.positions; ++position) {
    std::copy_n(source + position * step.n_in, step.n_in, target + position * step.n_out);
  }
}

//% endif
//% if uses("activate")
/// Applies an activation to (positions, n_out) values.
CALOEXPORT_TARGET inline void activate_all(const Step& step, const float* source,
                                           float* target) noexcept {
  const std::ptrdiff_t units = step.n_out;
  for (std::ptrdiff_t start = 0; start < step.positions * units; start += units) {
    for (std::ptrdiff_t first = 0; first < units; first += tile_outputs) {
      const std::ptrdiff_t count = std::min(tile_outputs, units - first);
      Vector values[tile_outputs / lanes] = {};
      for (std::ptrdiff_t k = 0; k * lanes < count; ++k) {
        values[k] = load_some(source + start + first + k * lanes, count - k * lanes);
      }
      activate(step, first, values);
      for (std::ptrdiff_t k = 0; k * lanes < count; ++k) {
        store_some(target + start + first + k * lanes, values[k], count - k * lanes);
      }
    }
  }
}

//% endif
//% if uses("normalize")
/// Writes scale·x + offset for (positions, n_out) values, with scale and offset (n_out).
CALOEXPORT_TARGET inline void normalize(const Step& step, const float* source,
                                        float* target) noexcept {
  const float* const scale = static_cast<const float*>(step.first);
  const float* const offset = static_cast<const float*>(step.second);
  const std::ptrdiff_t units = step.n_out;
  for (std::ptrdiff_t start = 0; start < step.positions * units; start += units) {
    for (std::ptrdiff_t i = 0; i < units; i += lanes) {
      const Vector x = load_some(source + start + i, units - i);
      const Vector y = x * load_some(scale + i, units - i) + load_some(offset + i, units - i);
      store_some(target + start + i, y, units - i);
    }
  }
}

//% endif
//% if uses("add", "multiply", "subtract", "divide", "maximum", "minimum", "reduce")
/// Returns the larger or the smaller of two; either NaN comes through.
CALOEXPORT_INLINE float extreme(float a, float b, bool larger) noexcept {
  return (larger ? a > b : a < b) || a != a ? a : b;
}

//% endif
//% if uses("add", "multiply", "subtract", "divide", "maximum", "minimum")
/// Writes an operation on two operands, picked by index maps (n_out).
CALOEXPORT_TARGET inline void combine(const Step& step, const float* first, const float* second,
                                      float* target) noexcept {
  const std::int64_t* const left = static_cast<const std::int64_t*>(step.first);
  const std::int64_t* const right = static_cast<const std::int64_t*>(step.second);
  for (std::ptrdiff_t i = 0; i < step.n_out; ++i) {
    const float a = first[left[i]], b = second[right[i]];
    switch (step.operation) {
      case Operation::add:
        target[i] = a + b;
        break;
      case Operation::multiply:
        target[i] = a * b;
        break;
      case Operation::subtract:
        target[i] = a - b;
        break;
      case Operation::divide:
        target[i] = a / b;
        break;
      default:
        target[i] = extreme(a, b, step.operation == Operation::maximum);
    }
  }
}

//% endif
//% if uses("gather")
/// Copies stretches of neighbours from their places; constants[0] from a negative place.
CALOEXPORT_TARGET inline void gather(const Step& step, const float* source,
                                     float* target) noexcept {
  for (std::ptrdiff_t k = 0; k < step.stretches; ++k) {
    float* const to = target + k * step.stretch;
    if (step.places[k] < 0) {
      std::fill_n(to, step.stretch, step.constants[0]);
    } else {
      std::copy_n(source + step.places[k], step.stretch, to);
    }
  }
}

//% endif
