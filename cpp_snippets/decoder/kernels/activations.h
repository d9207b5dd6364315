#pragma once
#include "formulas.h"
#include "outputs.h"
#include "rare_activations.h"
#include "words.h"

//% if uses("swish", "prelu")
/// Returns vector k of a trained parameter: one number per unit, or one for all.
CALOEXPORT_INLINE Vector trained_vector(const Step& step, std::ptrdiff_t first,
                                        std::ptrdiff_t k) noexcept {
  const std::ptrdiff_t unit = first + k * lanes;
  if (step.trained_step == 0) return splat(load_one(step.trained));
  // numbers per unit are padded to whole vectors of every level
  return unit < step.n_out ? load(step.trained + unit) : Vector{};
}

//% endif
//% if uses("relu")
/// Returns the relu of Keras: x from the threshold on, slope·(x - threshold) below it, never more
/// than the ceiling.
CALOEXPORT_INLINE Vector relu(Vector x, float slope, float threshold, float ceiling) noexcept {
  // 0·x is no number for an infinite x
  const Vector below = slope == 0.0F ? Vector{} : slope * (x - threshold);
  const Vector y = where(x < threshold, below, x);
  return where(y > ceiling, splat(ceiling), y);
}

//% endif
/// Applies the activation of a step to neighbouring units, number `first` and those behind it. They
/// stay in registers but for rare activations; what stands behind the last unit does not matter.
template <std::ptrdiff_t vectors>
CALOEXPORT_INLINE void activate(const Step& step, [[maybe_unused]] std::ptrdiff_t first,
                                [[maybe_unused]] Vector (&values)[vectors]) noexcept {
  [[maybe_unused]] const Vector a = splat(step.constants[0]);
  switch (step.function) {
    case Function::linear:
      return;
    //% if uses("relu")
    case Function::relu:
      CALOEXPORT_UNROLL for (Vector& x : values) {
        x = relu(x, step.constants[0], step.constants[1], step.constants[2]);
      }
      return;
    //% endif
    //% if uses("leaky_relu")
    case Function::leaky_relu:
      CALOEXPORT_UNROLL for (Vector& x : values) x = where(x > 0.0F, x, a * x);
      return;
    //% endif
    //% if uses("sigmoid")
    case Function::sigmoid:
      CALOEXPORT_UNROLL for (Vector& x : values) x = sigmoid(x);
      return;
    //% endif
    //% if uses("swish")
    case Function::swish:
      CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) {
        values[k] *= sigmoid(trained_vector(step, first, k) * values[k]);
      }
      return;
    //% endif
    //% if uses("prelu")
    case Function::prelu:
      CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) {
        const Vector below = trained_vector(step, first, k) * values[k];
        values[k] = where(values[k] < 0.0F, below, values[k]);
      }
      return;
    //% endif
    //% if uses("hard_sigmoid")
    case Function::hard_sigmoid:
      CALOEXPORT_UNROLL for (Vector& x : values) {
        x = between(a * x + 0.5F, Vector{}, splat(1.0F));
      }
      return;
    //% endif
    default: {
      //% if uses("rare_activations")
      Vector in_memory[vectors];
      CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) in_memory[k] = values[k];
      activate_rarer(step, {in_memory, vectors});
      CALOEXPORT_UNROLL for (std::ptrdiff_t k = 0; k < vectors; ++k) values[k] = in_memory[k];
      //% endif
      return;
    }
  }
}
