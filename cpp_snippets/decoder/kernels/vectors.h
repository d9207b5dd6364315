#pragma once
#include <cstring>
#include <limits>

#include "../levels/portable.h"

inline constexpr float infinity = std::numeric_limits<float>::infinity();

using UnalignedVector __attribute__((vector_size(lanes * 4), aligned(4), may_alias)) = float;
using UnalignedWords __attribute__((vector_size(lanes * 4), aligned(4), may_alias)) = std::uint32_t;

/// Reads one vector; weights may be stored in any type.
CALOEXPORT_INLINE Vector load(const void* from) noexcept {
  return *static_cast<const UnalignedVector*>(from);
}

/// Reads one vector of 32-bit words.
CALOEXPORT_INLINE Words load_words(const void* from) noexcept {
  return *static_cast<const UnalignedWords*>(from);
}

/// Reads one float of memory that may have been written as another type.
CALOEXPORT_INLINE float load_one(const void* from) noexcept {
  float x;
  std::memcpy(&x, from, sizeof x);
  return x;
}

/// Writes one vector.
CALOEXPORT_INLINE void store(float* to, Vector x) noexcept {
  *reinterpret_cast<UnalignedVector*>(to) = x;
}

/// Reads the first `left` numbers where that is less than a vector, zeros behind them.
CALOEXPORT_INLINE Vector load_some(const void* from, std::ptrdiff_t left) noexcept {
  if (left >= lanes) return load(from);
  Vector x = {};
  std::memcpy(&x, from, static_cast<std::size_t>(left) * sizeof(float));
  return x;
}

/// Writes the first `left` numbers where that is less than a vector.
CALOEXPORT_INLINE void store_some(float* to, Vector x, std::ptrdiff_t left) noexcept {
  if (left >= lanes) return store(to, x);
  std::memcpy(to, &x, static_cast<std::size_t>(left) * sizeof(float));
}

/// Returns a number in all lanes.
CALOEXPORT_INLINE Vector splat(float x) noexcept {
  return x - Vector{};  // compilers leave out the difference, which is x, while -0 + 0 is not -0
}

/// Returns x where the mask is set, y elsewhere.
CALOEXPORT_INLINE Vector where(Mask mask, Vector x, Vector y) noexcept { return mask ? x : y; }

/// Returns the bits of floats, and floats of bits.
CALOEXPORT_INLINE Words bits_of(Vector x) noexcept { return reinterpret_cast<Words>(x); }
CALOEXPORT_INLINE Vector floats_of(Words x) noexcept { return reinterpret_cast<Vector>(x); }

/// Returns whole numbers, negative ones as their two's complement, as floats.
CALOEXPORT_INLINE Vector floats_of_whole(Words x) noexcept {
  return __builtin_convertvector(reinterpret_cast<Mask>(x), Vector);
}

/// Returns |x|.
CALOEXPORT_INLINE Vector magnitude(Vector x) noexcept {
  return floats_of(bits_of(x) & 0x7FFFFFFFU);
}

/// Returns x between two bounds; NaN stays NaN.
CALOEXPORT_INLINE Vector between(Vector x, Vector low, Vector high) noexcept {
  return at_most(at_least(x, low), high);
}
