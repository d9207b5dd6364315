#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

// The plainest level: vectors of four numbers, which every 64-bit CPU has in some form.

#undef CALOEXPORT_TARGET
#define CALOEXPORT_TARGET
#undef CALOEXPORT_INLINE
#define CALOEXPORT_INLINE CALOEXPORT_TARGET __attribute__((always_inline)) inline

/// Numbers of a vector.
inline constexpr std::ptrdiff_t lanes = 4;
/// Vectors whose sums, weights and input fit the registers: of one row, and of a block of rows.
#if defined(__aarch64__)  // 32 registers
inline constexpr std::ptrdiff_t row_vectors = 16, block_vectors = 4;
#else
inline constexpr std::ptrdiff_t row_vectors = 8, block_vectors = 2;
#endif
/// Places of a kernel that a single row reads at once.
inline constexpr std::ptrdiff_t streams = 1;

using Vector __attribute__((vector_size(16), may_alias)) = float;
using Words __attribute__((vector_size(16), may_alias)) = std::uint32_t;
using Mask __attribute__((vector_size(16), may_alias)) = std::int32_t;

/// Returns x·y + z, rounded once where the CPU can do so.
CALOEXPORT_INLINE Vector multiply_add(Vector x, Vector y, Vector z) noexcept { return x * y + z; }

/// Returns x as it is, and hides from the compiler how it was computed: rounding is kept.
CALOEXPORT_INLINE Vector kept(Vector x) noexcept {
#if defined(__x86_64__)
  asm("" : "+x"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#else
  asm("" : "+m"(x));
#endif
  return x;
}

/// Returns the whole number next to x, for |x| < 2^22.
CALOEXPORT_INLINE Vector nearest(Vector x) noexcept {
  return kept(kept(x + 0x1.8p23F) - 0x1.8p23F);  // whatever arithmetic the caller's options allow
}

/// Returns x·2^n for whole n from -126 to 127.
CALOEXPORT_INLINE Vector scaled(Vector x, Vector n) noexcept {
  // the sum holds n + 127, the exponent of 2^n, in its low bits
  const Vector exponent = n + (0x1.8p23F + 127.0F);
  return x * reinterpret_cast<Vector>(reinterpret_cast<Words>(exponent) << 23);
}

/// Returns x, but no less than a bound, and no more than one; NaN stays NaN.
CALOEXPORT_INLINE Vector at_least(Vector x, Vector low) noexcept { return x < low ? low : x; }
CALOEXPORT_INLINE Vector at_most(Vector x, Vector high) noexcept { return x > high ? high : x; }

/// Returns 1/x for 1 ≤ x ≤ 2^126.
CALOEXPORT_INLINE Vector reciprocal(Vector x) noexcept { return 1.0F / x; }

/// Returns the square roots.
CALOEXPORT_INLINE Vector square_root(Vector x) noexcept {
  for (std::ptrdiff_t lane = 0; lane < lanes; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
}

//% if uses("int8", "int8_a8")
/// Returns total + the products of the two signed 16-bit halves of each word, modulo 2^32.
CALOEXPORT_INLINE Words dot_pairs(Words total, Words x, Words y) noexcept {
#if defined(__SSE2__)
  using Shorts __attribute__((vector_size(16))) = short;
  return total + reinterpret_cast<Words>(__builtin_ia32_pmaddwd128(reinterpret_cast<Shorts>(x),
                                                                   reinterpret_cast<Shorts>(y)));
#else
  const Mask low =
      (reinterpret_cast<Mask>(x << 16) >> 16) * (reinterpret_cast<Mask>(y << 16) >> 16);
  const Mask high = (reinterpret_cast<Mask>(x) >> 16) * (reinterpret_cast<Mask>(y) >> 16);
  return total + reinterpret_cast<Words>(low) + reinterpret_cast<Words>(high);
#endif
}
//% endif
