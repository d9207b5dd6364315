#pragma once
#include "convolution.h"
#include "elementwise.h"
#include "softmax.h"
#include "statistics.h"

//% if uses("dense")
/// Runs a dense layer on one shower.
CALOEXPORT_TARGET inline void run_dense(const Step& step, float* scratch, float* results,
                                        float factor, float threshold) noexcept {
  const bool last = step.target == to_output;
  const Rows rows{scratch + step.source,
                  step.n_in,
                  step.positions,
                  last ? results : scratch + step.target,
                  step.n_out,
                  last ? factor : 1.0F,
                  last ? threshold : -infinity,
                  scratch + step.work};
  dense(step, rows);
}

//% endif
/// Runs a step that neither multiplies nor writes results.
CALOEXPORT_TARGET inline void run_other(const Step& step, float* scratch) noexcept {
  [[maybe_unused]] const float* const source = scratch + step.source;
  [[maybe_unused]] float* const target = scratch + step.target;
  switch (step.operation) {
    //% if uses("copy")
    case Operation::copy:
      return copy(step, source, target);
    //% endif
    //% if uses("activate")
    case Operation::activate:
      return activate_all(step, source, target);
    //% endif
    //% if uses("softmax")
    case Operation::softmax:
      return softmax(step, source, target);
    //% endif
    //% if uses("normalize")
    case Operation::normalize:
      return normalize(step, source, target);
    //% endif
    //% if uses("gather")
    case Operation::gather:
      return gather(step, source, target);
    //% endif
    //% if uses("layer_normalize")
    case Operation::layer_normalize:
      return layer_normalize(step, source, target);
    //% endif
    //% if uses("reduce")
    case Operation::reduce:
      return reduce(step, source, target);
    //% endif
    //% if uses("convolve")
    case Operation::convolve:
      return convolve(step, scratch);
    //% endif
    //% if uses("spread")
    case Operation::spread:
      return spread(step, scratch);
    //% endif
    default:
      //% if uses("add", "multiply", "subtract", "divide", "maximum", "minimum")
      combine(step, source, scratch + step.other, target);
      //% endif
      return;
  }
}

/// Runs the steps of a network on one shower.
///
/// inputs: (n_inputs). results: what the network gives, times the factor, 0 where that is below
/// the threshold. scratch: the floats that the steps' places need; the inputs are copied to its
/// begin. It must be of one thread, and needs the alignment of a float only.
CALOEXPORT_TARGET inline void run(const Step* steps, std::size_t n_steps, const float* inputs,
                                  std::size_t n_inputs, float* results, float* scratch,
                                  float factor, float threshold) noexcept {
  std::copy_n(inputs, n_inputs, scratch);
  for (const Step* step = steps; step != steps + n_steps; ++step) {
    switch (step->operation) {
      //% if uses("dense")
      case Operation::dense:
        run_dense(*step, scratch, results, factor, threshold);
        break;
      //% endif
      //% if uses("output")
      case Operation::output:
        write_results(scratch + step->source, step->n_out, results, factor, threshold);
        break;
      //% endif
      default:
        run_other(*step, scratch);
    }
  }
}
