#pragma once
#include <cmath>

#include "elementwise.h"

//% if uses("layer_normalize")
/// Writes deviation over width, times gamma plus beta; sums are taken in float64. constants: what
/// is added to the variance, and 1 where the deviation is from 0 instead of the mean.
CALOEXPORT_TARGET inline void layer_normalize(const Step& step, const float* source,
                                              float* target) noexcept {
  const float* const gamma = static_cast<const float*>(step.first);
  const float* const beta = static_cast<const float*>(step.second);
  const std::ptrdiff_t units = step.n_out;
  for (std::ptrdiff_t start = 0; start < step.positions * units; start += units) {
    double mean = 0.0;
    if (step.constants[1] == 0.0F) {
      for (std::ptrdiff_t i = 0; i < units; ++i) mean += static_cast<double>(source[start + i]);
      mean /= static_cast<double>(units);
    }
    double power = 0.0;
    for (std::ptrdiff_t i = 0; i < units; ++i) {
      const double deviation = static_cast<double>(source[start + i]) - mean;
      power += deviation * deviation;
    }
    const double variance = power / static_cast<double>(units);
    const double width = std::sqrt(variance + static_cast<double>(step.constants[0]));
    for (std::ptrdiff_t i = 0; i < units; ++i) {
      const double x = (static_cast<double>(source[start + i]) - mean) / width;
      target[start + i] = static_cast<float>(x * static_cast<double>(load_one(gamma + i)) +
                                             static_cast<double>(load_one(beta + i)));
    }
  }
}

//% endif
//% if uses("reduce")
/// Writes sum, mean, largest or smallest of every n_in neighbours; sums are taken in float64.
CALOEXPORT_TARGET inline void reduce(const Step& step, const float* source,
                                     float* target) noexcept {
  for (std::ptrdiff_t position = 0; position < step.positions; ++position) {
    const float* const values = source + position * step.n_in;
    double total = 0.0;
    float most = values[0];
    for (std::ptrdiff_t i = 0; i < step.n_in; ++i) {
      total += static_cast<double>(values[i]);
      most = extreme(values[i], most, step.reduction == Reduction::largest);
    }
    if (step.reduction == Reduction::mean) total /= static_cast<double>(step.n_in);
    const bool sums = step.reduction == Reduction::sum || step.reduction == Reduction::mean;
    target[position] = sums ? static_cast<float>(total) : most;
  }
}

//% endif
