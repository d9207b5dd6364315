#pragma once
#include <immintrin.h>
#include <cstddef>
#include <cstdint>

// The level of CPUs with AVX-512 F, BW, DQ, VL and VNNI: vectors of sixteen numbers, 32 registers.

#undef CALOEXPORT_TARGET
#define CALOEXPORT_TARGET \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))
#undef CALOEXPORT_INLINE
#define CALOEXPORT_INLINE CALOEXPORT_TARGET __attribute__((always_inline)) inline

/// Numbers of a vector.
inline constexpr std::ptrdiff_t lanes = 16;
/// Vectors whose sums, weights and input fit the registers: of one row, and of a block of rows.
inline constexpr std::ptrdiff_t row_vectors = 4, block_vectors = 4;
/// Places of a kernel that a single row reads at once: memory serves two faster than one, and
/// more sums are in flight than an addition is long.
inline constexpr std::ptrdiff_t streams = 2;

using Vector __attribute__((vector_size(64), may_alias)) = float;
using Words __attribute__((vector_size(64), may_alias)) = std::uint32_t;
using Mask __attribute__((vector_size(64), may_alias)) = std::int32_t;

/// All lanes: some compilers warn of the undefined lanes of the plain instructions.
inline constexpr __mmask16 all_lanes = 0xFFFF;

/// Returns x·y + z, rounded once.
CALOEXPORT_INLINE Vector multiply_add(Vector x, Vector y, Vector z) noexcept {
  return _mm512_fmadd_ps(x, y, z);
}

/// Returns x as it is, and hides from the compiler how it was computed: rounding is kept.
CALOEXPORT_INLINE Vector kept(Vector x) noexcept {
  asm("" : "+v"(x));
  return x;
}

/// Returns the whole number next to x.
CALOEXPORT_INLINE Vector nearest(Vector x) noexcept {
  constexpr int mode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return _mm512_maskz_roundscale_ps(all_lanes, x, mode);
}

/// Returns x·2^n for whole n from -126 to 127.
CALOEXPORT_INLINE Vector scaled(Vector x, Vector n) noexcept {
  return _mm512_maskz_scalef_ps(all_lanes, x, n);
}

/// Returns x, but no less than a bound, and no more than one; NaN stays NaN.
CALOEXPORT_INLINE Vector at_least(Vector x, Vector low) noexcept {
  return _mm512_maskz_max_ps(all_lanes, low, x);
}
CALOEXPORT_INLINE Vector at_most(Vector x, Vector high) noexcept {
  return _mm512_maskz_min_ps(all_lanes, high, x);
}

/// Returns 1/x for 1 ≤ x ≤ 2^126.
CALOEXPORT_INLINE Vector reciprocal(Vector x) noexcept {
  // fourteen bits and one step of Newton's: three times as fast as a division
  const Vector guess = _mm512_maskz_rcp14_ps(all_lanes, x);
  return guess * Vector(_mm512_fnmadd_ps(x, guess, _mm512_set1_ps(2.0F)));
}

/// Returns the square roots.
CALOEXPORT_INLINE Vector square_root(Vector x) noexcept {
  return _mm512_maskz_sqrt_ps(all_lanes, x);
}
