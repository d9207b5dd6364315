#pragma once
#include <immintrin.h>
#include <cstddef>
#include <cstdint>

// The level of CPUs with AVX2 and FMA: vectors of eight numbers, sixteen registers.

#undef CALOEXPORT_TARGET
#define CALOEXPORT_TARGET __attribute__((target("avx2,fma")))
#undef CALOEXPORT_INLINE
#define CALOEXPORT_INLINE CALOEXPORT_TARGET __attribute__((always_inline)) inline

/// Numbers of a vector.
inline constexpr std::ptrdiff_t lanes = 8;
/// Vectors whose sums, weights and input fit the registers: of one row, and of a block of rows.
inline constexpr std::ptrdiff_t row_vectors = 8, block_vectors = 2;
/// Places of a kernel that a single row reads at once.
inline constexpr std::ptrdiff_t streams = 1;

using Vector __attribute__((vector_size(32), may_alias)) = float;
using Words __attribute__((vector_size(32), may_alias)) = std::uint32_t;
using Mask __attribute__((vector_size(32), may_alias)) = std::int32_t;

/// Returns x·y + z, rounded once.
CALOEXPORT_INLINE Vector multiply_add(Vector x, Vector y, Vector z) noexcept {
  return _mm256_fmadd_ps(x, y, z);
}

/// Returns x as it is, and hides from the compiler how it was computed: rounding is kept.
CALOEXPORT_INLINE Vector kept(Vector x) noexcept {
  asm("" : "+x"(x));
  return x;
}

/// Returns the whole number next to x.
CALOEXPORT_INLINE Vector nearest(Vector x) noexcept {
  return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/// Returns x·2^n for whole n from -126 to 127.
CALOEXPORT_INLINE Vector scaled(Vector x, Vector n) noexcept {
  // the sum holds n + 127, the exponent of 2^n, in its low bits
  const Vector exponent = n + (0x1.8p23F + 127.0F);
  return x * reinterpret_cast<Vector>(reinterpret_cast<Words>(exponent) << 23);
}

/// Returns x, but no less than a bound, and no more than one; NaN stays NaN.
CALOEXPORT_INLINE Vector at_least(Vector x, Vector low) noexcept { return _mm256_max_ps(low, x); }
CALOEXPORT_INLINE Vector at_most(Vector x, Vector high) noexcept { return _mm256_min_ps(high, x); }

/// Returns 1/x for 1 ≤ x ≤ 2^126.
CALOEXPORT_INLINE Vector reciprocal(Vector x) noexcept { return 1.0F / x; }

/// Returns the square roots.
CALOEXPORT_INLINE Vector square_root(Vector x) noexcept { return _mm256_sqrt_ps(x); }

//% if uses("int8", "int8_a8")
/// Returns total + the products of the two signed 16-bit halves of each word, modulo 2^32.
CALOEXPORT_INLINE Words dot_pairs(Words total, Words x, Words y) noexcept {
  return total + reinterpret_cast<Words>(
                     _mm256_madd_epi16(reinterpret_cast<__m256i>(x), reinterpret_cast<__m256i>(y)));
}
//% endif
