#pragma once

// Python and C++ give the same bits only where each operation is rounded by itself. Compilers fuse
// a product with a sum into one operation (-ffp-contract=fast is the default of g++) and reorder
// sums under -ffast-math; neither reaches across a statement that might have changed the number.

#if !defined(__GNUC__)
#error "caloexport: compile with g++ or clang++, whose vectors and asm statements this code uses"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "caloexport: floats must be rounded to 32 bits; on 32-bit x86 add -msse2 -mfpmath=sse"
#endif

/// A statement after which the compiler knows nothing of x but its bits: it costs no instruction.
#if defined(__x86_64__) || defined(__SSE2__)
#define CALOEXPORT_ROUNDED(x) asm("" : "+v"(x))
#elif defined(__aarch64__)
#define CALOEXPORT_ROUNDED(x) asm("" : "+w"(x))
#else
#define CALOEXPORT_ROUNDED(x) asm("" : "+m"(x))
#endif

/// a·b of floats or vectors of 16 bytes, rounded, whatever is done with it.
template <class Real>
inline Real rounded_product(Real a, Real b) noexcept {
  Real x = a * b;
  CALOEXPORT_ROUNDED(x);
  return x;
}

/// a + b of floats or vectors of 16 bytes, rounded, whatever is done with it.
template <class Real>
inline Real rounded_sum(Real a, Real b) noexcept {
  Real x = a + b;
  CALOEXPORT_ROUNDED(x);
  return x;
}

/// a - b of floats or vectors of 16 bytes, rounded, whatever is done with it.
template <class Real>
inline Real rounded_difference(Real a, Real b) noexcept {
  Real x = a - b;
  CALOEXPORT_ROUNDED(x);
  return x;
}
