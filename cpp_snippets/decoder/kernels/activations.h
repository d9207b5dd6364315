#pragma once
#include "formulas.h"
#include "outputs.h"
#include "rare_activations.h"

//% if uses("swish", "prelu")
/// Returns vector k of a trained parameter: one number per unit, or one for all.
CALOEXPORT_INLINE Vector trained_vector(const Step& step, std::ptrdiff_t first,
                                        std::ptrdiff_t k) noexcept {
  // numbers per unit are padded to whole vectors of every level
  return step.trained_step == 0 ? splat(load_one(step.trained))
                                : load(step.trained + first + k * lanes);
}

//% endif
//% if uses("relu")
/// Applies the relu of Keras: x from the threshold on, slope·(x - threshold) below it, never more
/// than the ceiling.
CALOEXPORT_INLINE void relu(Outputs& outputs, float slope, float threshold,
                            float ceiling) noexcept {
  for (Vector& x : outputs) {
    // 0·x is no number for an infinite x
    const Vector below = slope == 0.0F ? Vector{} : slope * (x - threshold);
    const Vector y = where(x < threshold, below, x);
    x = where(y > ceiling, splat(ceiling), y);
  }
}

//% endif
/// Applies the activation of a step to neighbouring units, number `first` and those behind it.
CALOEXPORT_TARGET inline void activate(const Step& step, std::ptrdiff_t first,
                                       Outputs& outputs) noexcept {
  [[maybe_unused]] const Vector a = splat(step.constants[0]);
  switch (step.function) {
    case Function::linear:
      return;
    //% if uses("relu")
    case Function::relu:
      relu(outputs, step.constants[0], step.constants[1], step.constants[2]);
      return;
    //% endif
    //% if uses("leaky_relu")
    case Function::leaky_relu:
      for (Vector& x : outputs) x = where(x > 0.0F, x, a * x);
      return;
    //% endif
    //% if uses("sigmoid")
    case Function::sigmoid:
      for (Vector& x : outputs) x = sigmoid(x);
      return;
    //% endif
    //% if uses("swish")
    case Function::swish:
      for (std::ptrdiff_t k = 0; k < outputs.used; ++k) {
        Vector& x = outputs.values[k];
        x *= sigmoid(trained_vector(step, first, k) * x);
      }
      return;
    //% endif
    //% if uses("prelu")
    case Function::prelu:
      for (std::ptrdiff_t k = 0; k < outputs.used; ++k) {
        Vector& x = outputs.values[k];
        x = where(x < 0.0F, trained_vector(step, first, k) * x, x);
      }
      return;
    //% endif
    //% if uses("hard_sigmoid")
    case Function::hard_sigmoid:
      for (Vector& x : outputs) x = between(a * x + 0.5F, Vector{}, splat(1.0F));
      return;
    //% endif
    default:
      //% if uses("rare_activations")
      activate_rarer(step, outputs);
      //% endif
      return;
  }
}
