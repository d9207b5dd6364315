#pragma once
#include <cmath>

#include "formulas.h"
#include "outputs.h"

//% if uses("sin", "cos", "erf")
/// Applies a function of the C library to every lane.
template <float (*function)(float)>
CALOEXPORT_INLINE Vector one_by_one(Vector x) noexcept {
  for (std::ptrdiff_t lane = 0; lane < lanes; ++lane) x[lane] = function(x[lane]);
  return x;
}

//% endif
/// Applies one of the activations without a line of their own in `activate`.
CALOEXPORT_TARGET inline void activate_rarer(const Step& step, Outputs outputs) noexcept {
  [[maybe_unused]] const Vector a = splat(step.constants[0]), b = splat(step.constants[1]);
  switch (step.function) {
    //% if uses("tanh")
    case Function::tanh:
      for (Vector& x : outputs) x = hyperbolic_tangent(x);
      return;
    //% endif
    //% if uses("softplus")
    case Function::softplus:
      for (Vector& x : outputs) x = softplus(x);
      return;
    //% endif
    //% if uses("elu")
    case Function::elu:
      for (Vector& x : outputs) x = elu(x, a, splat(1.0F));
      return;
    //% endif
    //% if uses("selu")
    case Function::selu:
      for (Vector& x : outputs) x = elu(x, splat(1.67326324F), splat(1.05070099F));
      return;
    //% endif
    //% if uses("gelu")
    case Function::gelu:
      for (Vector& x : outputs) x = step.constants[0] == 0.0F ? gelu(x) : gelu_tanh(x);
      return;
    //% endif
    //% if uses("exponential")
    case Function::exponential:
      for (Vector& x : outputs) x = exponential(x);
      return;
    //% endif
    //% if uses("celu")
    case Function::celu:
      for (Vector& x : outputs) x = celu(x, a);
      return;
    //% endif
    //% if uses("mish")
    case Function::mish:
      for (Vector& x : outputs) x = mish(x);
      return;
    //% endif
    //% if uses("tanh_shrink")
    case Function::tanh_shrink:
      for (Vector& x : outputs) x = tanh_shrink(x);
      return;
    //% endif
    //% if uses("log")
    case Function::log:
      for (Vector& x : outputs) x = logarithm(x);
      return;
    //% endif
    //% if uses("log_sigmoid")
    case Function::log_sigmoid:
      for (Vector& x : outputs) x = -softplus(-x);
      return;
    //% endif
    //% if uses("abs")
    case Function::abs:
      for (Vector& x : outputs) x = magnitude(x);
      return;
    //% endif
    //% if uses("clip")
    case Function::clip:
      for (Vector& x : outputs) x = between(x, a, b);
      return;
    //% endif
    //% if uses("hard_shrink")
    case Function::hard_shrink:
      for (Vector& x : outputs) x = where(magnitude(x) <= a, Vector{}, x);
      return;
    //% endif
    //% if uses("hard_swish")
    case Function::hard_swish:
      for (Vector& x : outputs) x *= between(x * (1.0F / 6.0F) + 0.5F, Vector{}, splat(1.0F));
      return;
    //% endif
    //% if uses("soft_shrink")
    case Function::soft_shrink:
      for (Vector& x : outputs) x = soft_shrink(x, a);
      return;
    //% endif
    //% if uses("sparse_plus")
    case Function::sparse_plus:
      for (Vector& x : outputs) x = sparse_plus(x);
      return;
    //% endif
    //% if uses("threshold")
    case Function::threshold:
      for (Vector& x : outputs) x = where(x <= a, b, x);
      return;
    //% endif
    //% if uses("square")
    case Function::square:
      for (Vector& x : outputs) x *= x;
      return;
    //% endif
    //% if uses("squareplus")
    case Function::squareplus:
      for (Vector& x : outputs) x = squareplus(x, step.constants[0]);
      return;
    //% endif
    //% if uses("softsign")
    case Function::softsign:
      for (Vector& x : outputs) x /= 1.0F + magnitude(x);
      return;
    //% endif
    //% if uses("reciprocal")
    case Function::reciprocal:
      for (Vector& x : outputs) x = 1.0F / x;
      return;
    //% endif
    //% if uses("sqrt")
    case Function::sqrt:
      for (Vector& x : outputs) x = square_root(x);
      return;
    //% endif
    //% if uses("rsqrt")
    case Function::rsqrt:
      for (Vector& x : outputs) x = 1.0F / square_root(x);
      return;
    //% endif
    //% if uses("sin")
    case Function::sin:
      for (Vector& x : outputs) x = one_by_one<std::sin>(x);
      return;
    //% endif
    //% if uses("cos")
    case Function::cos:
      for (Vector& x : outputs) x = one_by_one<std::cos>(x);
      return;
    //% endif
    //% if uses("erf")
    case Function::erf:
      for (Vector& x : outputs) x = one_by_one<std::erf>(x);
      return;
    //% endif
    default:
      return;
  }
}
