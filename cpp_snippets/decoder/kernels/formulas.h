#pragma once
#include <cmath>
#include <limits>

#include "vectors.h"

// Elementary functions, to a few units in the last place.

//% set negative = uses("elu", "selu", "tanh", "softplus", "log_sigmoid", "gelu", "mish", "softmax")
//% set negative = negative or uses("tanh_shrink")
//% set bounded = negative or uses("sigmoid", "swish")
//% set powers = bounded or uses("exponential", "celu")
//% if powers or uses("log")
/// ln 2 in two parts, the first so short that its product with a small whole number is exact.
inline constexpr float ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F;
inline constexpr float log2_e = 1.44269504F;
/// Below it e^x is not a normal number.
inline constexpr float lowest_exponent = -87.33F;

//% endif
//% if powers
/// Returns e^r for |r| ≤ ½ ln 2, to 3e-9 before rounding: the least maximum of the relative error
/// among polynomials of degree 6 that begin with 1 + r.
CALOEXPORT_INLINE Vector exponential_series(Vector r) noexcept {
  Vector y = multiply_add(splat(1.3814611593261361e-3F), r, splat(8.368710987269878e-3F));
  y = multiply_add(y, r, splat(4.166838899254799e-2F));
  y = multiply_add(y, r, splat(1.666652113199234e-1F));
  y = multiply_add(y, r, splat(4.999999403953552e-1F));
  y = multiply_add(y, r, splat(1.0F));
  return multiply_add(y, r, splat(1.0F));
}

/// Returns what e^x is to be multiplied with for x = n·ln 2 + r, and r.
CALOEXPORT_INLINE Vector without_powers_of_two(Vector x, Vector n) noexcept {
  return multiply_add(n, splat(-ln2_low), multiply_add(n, splat(-ln2_high), x));
}

//% endif
//% if bounded
/// Returns e^x for x between -87.33 and 88.
CALOEXPORT_INLINE Vector exponential_between(Vector x) noexcept {
  const Vector n = nearest(x * log2_e);
  return scaled(exponential_series(without_powers_of_two(x, n)), n);
}

//% endif
//% if negative
/// Returns e^x for x ≤ 0; exactly 0 below -87.33.
CALOEXPORT_INLINE Vector exponential_negative(Vector x) noexcept {
  const Vector low = splat(lowest_exponent);
  const Vector y = exponential_between(where(x < low, low, x));  // this way round NaN stays NaN
  return where(x < low, Vector{}, y);
}

//% endif
//% if uses("exponential", "celu")
/// Returns e^x for any x; infinity above 88.72.
CALOEXPORT_INLINE Vector exponential(Vector x) noexcept {
  const Vector bounded = between(x, splat(-104.0F), splat(89.0F));
  const Vector n = nearest(bounded * log2_e);
  const Vector half = nearest(n * 0.5F);  // 2^n alone may be too large or small for a float
  const Vector y = exponential_series(without_powers_of_two(bounded, n));
  return scaled(scaled(y, half), n - half);
}

//% endif
//% if uses("sigmoid", "swish", "gelu")
/// Returns 1/(1 + e^-x), to 2e-7 of itself; exactly 0 below -87.33.
CALOEXPORT_INLINE Vector sigmoid(Vector x) noexcept {
  const Vector low = splat(lowest_exponent);
  const Vector bounded = between(x, low, splat(-lowest_exponent));
  const Vector y = reciprocal(1.0F + exponential_between(-bounded));
  return where(x < low, Vector{}, y);
}

//% endif
//% if uses("elu", "selu", "celu")
/// Returns e^x - 1 for |x| ≤ ½.
CALOEXPORT_INLINE Vector expm1_series(Vector x) noexcept {
  Vector y = multiply_add(splat(1.0F / 5040.0F), x, splat(1.0F / 720.0F));
  y = multiply_add(y, x, splat(1.0F / 120.0F));
  y = multiply_add(y, x, splat(1.0F / 24.0F));
  y = multiply_add(y, x, splat(1.0F / 6.0F));
  y = multiply_add(y, x, splat(0.5F));
  return multiply_add(y * x, x, x);
}

//% endif
//% if uses("elu", "selu")
/// Returns e^x - 1 for x ≤ 0.
CALOEXPORT_INLINE Vector expm1_negative(Vector x) noexcept {
  return where(x > -0.5F, expm1_series(x), exponential_negative(x) - 1.0F);
}

/// Returns scale·x where not negative, scale·alpha·(e^x - 1) elsewhere.
CALOEXPORT_INLINE Vector elu(Vector x, Vector alpha, Vector scale) noexcept {
  const Vector below = alpha * expm1_negative(where(x < 0.0F, x, Vector{}));
  return scale * where(x < 0.0F, below, x);
}

//% endif
//% if uses("tanh", "tanh_shrink")
/// Returns tanh x - x for |x| < 0.625. Source: Cephes (S. Moshier), tanhf.c.
CALOEXPORT_INLINE Vector tanh_series(Vector x) noexcept {
  const Vector square = x * x;
  Vector y = multiply_add(splat(-5.70498872745e-3F), square, splat(2.06390887954e-2F));
  y = multiply_add(y, square, splat(-5.37397155531e-2F));
  y = multiply_add(y, square, splat(1.33314422036e-1F));
  y = multiply_add(y, square, splat(-3.33332819422e-1F));
  return y * square * x;
}

/// Returns tanh x.
CALOEXPORT_INLINE Vector hyperbolic_tangent(Vector x) noexcept {
  const Vector size = magnitude(x);
  const Vector e = exponential_negative(-2.0F * size);
  const Vector far = (1.0F - e) / (1.0F + e);
  return where(size < 0.625F, tanh_series(x) + x, where(x < 0.0F, -far, far));
}

//% endif
//% if uses("tanh_shrink")
/// Returns x - tanh x, without cancellation around 0.
CALOEXPORT_INLINE Vector tanh_shrink(Vector x) noexcept {
  return where(magnitude(x) < 0.625F, -tanh_series(x), x - hyperbolic_tangent(x));
}

//% endif
//% if uses("softplus", "log_sigmoid", "log")
/// Returns ln(1 + t) - t for √½ ≤ 1 + t ≤ √2. Source: Cephes (S. Moshier), logf.c.
CALOEXPORT_INLINE Vector log1p_series(Vector t) noexcept {
  Vector y = multiply_add(splat(7.0376836292e-2F), t, splat(-1.1514610310e-1F));
  y = multiply_add(y, t, splat(1.1676998740e-1F));
  y = multiply_add(y, t, splat(-1.2420140846e-1F));
  y = multiply_add(y, t, splat(1.4249322787e-1F));
  y = multiply_add(y, t, splat(-1.6668057665e-1F));
  y = multiply_add(y, t, splat(2.0000714765e-1F));
  y = multiply_add(y, t, splat(-2.4999993993e-1F));
  y = multiply_add(y, t, splat(3.3333331174e-1F));
  return multiply_add(y * t, t * t, -0.5F * t * t);
}

//% endif
//% if uses("softplus", "log_sigmoid")
/// Returns ln(1 + x) for 0 ≤ x ≤ 1.
CALOEXPORT_INLINE Vector log1p_fraction(Vector x) noexcept {
  const Vector whole = kept(1.0F + x);
  const Vector lost = (x - (whole - 1.0F)) / whole;  // what rounding 1 + x dropped
  const Mask large = whole > 1.41421356F;
  const Vector t = where(large, whole * 0.5F, whole) - 1.0F;
  const Vector y = t + log1p_series(t) + lost;
  return where(large, y + 0.693147181F, y);
}

//% endif
//% if uses("log")
/// Returns ln x; -infinity at 0 and NaN below.
CALOEXPORT_INLINE Vector logarithm(Vector x) noexcept {
  constexpr float smallest = std::numeric_limits<float>::min();
  const Mask small = x < smallest;  // such numbers are brought up by 2^25
  const Words bits = bits_of(where(small, x * 0x1p25F, x));
  const Vector exponent =
      floats_of_whole((bits >> 23) - 126U) - where(small, splat(25.0F), Vector{});
  const Vector mantissa = floats_of((bits & 0x7FFFFFU) | 0x3F000000U);
  const Mask low = mantissa < 0.707106781F;
  const Vector t = where(low, mantissa + mantissa, mantissa) - 1.0F;
  const Vector n = where(low, exponent - 1.0F, exponent);
  const Vector y = t + multiply_add(n, splat(ln2_low), log1p_series(t)) + n * ln2_high;
  const Vector outside =
      where(x == 0.0F, splat(-infinity), splat(std::numeric_limits<float>::quiet_NaN()));
  return where((x > 0.0F) & (x < infinity), y, where(x > 0.0F, x, outside));
}

//% endif
//% if uses("softplus", "log_sigmoid")
/// Returns ln(1 + e^x).
CALOEXPORT_INLINE Vector softplus(Vector x) noexcept {
  return where(x > 0.0F, x, Vector{}) + log1p_fraction(exponential_negative(-magnitude(x)));
}

//% endif
//% if uses("gelu")
/// Returns x·Φ(x). Source of the polynomial: Numerical Recipes, section 6.2.
CALOEXPORT_INLINE Vector gelu(Vector x) noexcept {
  const Vector z = magnitude(x) * 0.707106781F;
  const Vector t = 1.0F / (1.0F + 0.5F * z);
  Vector y = multiply_add(splat(0.17087277F), t, splat(-0.82215223F));
  y = multiply_add(y, t, splat(1.48851587F));
  y = multiply_add(y, t, splat(-1.13520398F));
  y = multiply_add(y, t, splat(0.27886807F));
  y = multiply_add(y, t, splat(-0.18628806F));
  y = multiply_add(y, t, splat(0.09678418F));
  y = multiply_add(y, t, splat(0.37409196F));
  y = multiply_add(y, t, splat(1.00002368F));
  y = multiply_add(y, t, splat(-1.26551223F));
  // Φ(-|x|); the exponent is negative for z ≥ 0
  const Vector tail = 0.5F * t * exponential_negative(y - z * z);
  return x * where(x < 0.0F, tail, 1.0F - tail);
}

/// Returns the tanh approximation of x·Φ(x).
CALOEXPORT_INLINE Vector gelu_tanh(Vector x) noexcept {
  const Vector u = 0.797884561F * (x + 0.044715F * x * x * x);
  return x * sigmoid(2.0F * u);  // ½(1 + tanh u) = σ(2u), without cancellation
}

//% endif
//% if uses("mish")
/// Returns x·tanh(ln(1 + e^x)).
CALOEXPORT_INLINE Vector mish(Vector x) noexcept {
  const Vector e = exponential_negative(-magnitude(x));
  const Mask negative = x < 0.0F;
  const Vector part = where(negative, e * (e + 2.0F), 1.0F + 2.0F * e);
  return x * (part / (part + where(negative, splat(2.0F), 2.0F * e * e)));
}

//% endif
//% if uses("celu")
/// Returns x where not negative, alpha·(e^(x/alpha) - 1) elsewhere.
CALOEXPORT_INLINE Vector celu(Vector x, Vector alpha) noexcept {
  const Vector u = where(x < 0.0F, x, Vector{}) / alpha;
  const Vector grown = where(magnitude(u) < 0.5F, expm1_series(u), exponential(u) - 1.0F);
  return where(x < 0.0F, alpha * grown, x);
}

//% endif
//% if uses("soft_shrink")
/// Returns x moved towards 0 by the threshold, 0 within it.
CALOEXPORT_INLINE Vector soft_shrink(Vector x, Vector threshold) noexcept {
  const Vector within = where(x < -threshold, x + threshold, x - x);
  return where(x > threshold, x - threshold, within);
}

//% endif
//% if uses("sparse_plus")
/// Returns 0 up to -1, (x + 1)²/4 up to 1, x above.
CALOEXPORT_INLINE Vector sparse_plus(Vector x) noexcept {
  const Vector u = 0.5F * (between(x, splat(-1.0F), splat(1.0F)) + 1.0F);
  return where(x >= 1.0F, x, u * u);
}

//% endif
//% if uses("squareplus")
/// Returns (x + √(x² + b))/2 for b ≥ 0, without cancellation below 0.
CALOEXPORT_INLINE Vector squareplus(Vector x, float b) noexcept {
  if (b == 0.0F) return where(x < 0.0F, Vector{}, x);
  const Vector size = magnitude(x);
  const Vector root = where(size < 0x1p60F, square_root(x * x + b), size);  // x² may be too large
  return where(x > 0.0F, x, Vector{}) + 0.5F * b / (size + root);
}

//% endif
