#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "rounding.h"

// The latents of a shower depend on the seed and on its own number alone, and have the same bits
// as those of caloexport in Python: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC11) gives four
// random words for every four latents, and Box-Muller two normals for two words. Logarithm, sine
// and cosine are the polynomials of Cephes (S. Moshier; logf.c, sinf.c); their error is < 2e-7.

// Loops of a few known turns, which g++ -O2 would leave as loops.
#if defined(__clang__)
#define CALOEXPORT_UNROLL_NOISE _Pragma("clang loop unroll(full)")
#else
#define CALOEXPORT_UNROLL_NOISE _Pragma("GCC unroll 16")
#endif

namespace noise {

using Float4 = float __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));
using Word4 = std::uint32_t __attribute__((vector_size(16)));
using Long2 = std::uint64_t __attribute__((vector_size(16)));

/// Latents made at a time: four words of each of four blocks.
inline constexpr std::size_t together = 16;

/// ln(1+x) - x + x²/2 = x³·(…), highest power first.
inline constexpr float logarithm_coefficients[] = {
    7.0376836292e-2F,  -1.1514610310e-1F, 1.1676998740e-1F,  -1.2420140846e-1F, 1.4249322787e-1F,
    -1.6668057665e-1F, 2.0000714765e-1F,  -2.4999993993e-1F, 3.3333331174e-1F};
inline constexpr float sine_coefficients[] = {-1.9515295891e-4F, 8.3321608736e-3F,
                                              -1.6666654611e-1F};
inline constexpr float cosine_coefficients[] = {2.443315711809948e-5F, -1.388731625493765e-3F,
                                                4.166664568298827e-2F};

/// ln 2 in two parts, the first with few bits: its product with an exponent is exact.
inline constexpr float ln2_high = 0.693359375F;
inline constexpr float ln2_low = -2.12194440e-4F;
inline constexpr float sqrt_half = 0.707106781186547524F;
inline constexpr float half_pi = 1.57079632679489662F;

inline constexpr std::uint64_t philox_multipliers[] = {0xd2511f53U, 0xcd9e8d57U};
inline constexpr std::uint32_t philox_steps[] = {0x9e3779b9U, 0xbb67ae85U};
inline constexpr int philox_rounds = 10;

template <class Lanes, class Number>
inline Lanes every_lane(Number x) noexcept {
  return Lanes{} + x;
}

#if defined(__clang__)
#define CALOEXPORT_LANES(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define CALOEXPORT_LANES(a, b, ...) __builtin_shuffle(a, b, Int4{__VA_ARGS__})
#endif

/// Products of the lower halves of the lanes.
inline Long2 wide_product(Long2 a, Long2 b) noexcept {
#if defined(__SSE2__) && !defined(__clang__)
  // g++ does not see by itself that it is one instruction
  using Signed4 = int __attribute__((vector_size(16)));
  return reinterpret_cast<Long2>(
      __builtin_ia32_pmuludq128(reinterpret_cast<Signed4>(a), reinterpret_cast<Signed4>(b)));
#else
  const Long2 low = every_lane<Long2>(std::uint64_t{0xffffffffU});
  return (a & low) * (b & low);
#endif
}

/// Lower halves of four lanes.
inline Word4 lower_halves(const Long2 (&lanes)[2]) noexcept {
  const auto a = reinterpret_cast<Word4>(lanes[0]);
  const auto b = reinterpret_cast<Word4>(lanes[1]);
  return CALOEXPORT_LANES(a, b, 0, 2, 4, 6);
}

/// Four random words of each of four blocks.
struct Words {
  Word4 word[4];
};

/// Encrypts the counters (block, 0, low and high half of the shower's number) with the seed.
inline Words philox(std::uint64_t seed, std::uint64_t shower, std::uint64_t block) noexcept {
  // words stand in the lower halves of the lanes, those of two blocks in a vector
  Long2 c0[] = {Long2{block, block + 1}, Long2{block + 2, block + 3}};
  Long2 c1[] = {Long2{0, 0}, Long2{0, 0}};
  Long2 c2[] = {every_lane<Long2>(shower & 0xffffffffU), every_lane<Long2>(shower & 0xffffffffU)};
  Long2 c3[] = {every_lane<Long2>(shower >> 32), every_lane<Long2>(shower >> 32)};
  auto k0 = static_cast<std::uint32_t>(seed);
  auto k1 = static_cast<std::uint32_t>(seed >> 32);
  const Long2 first = every_lane<Long2>(philox_multipliers[0]);
  const Long2 second = every_lane<Long2>(philox_multipliers[1]);
  CALOEXPORT_UNROLL_NOISE for (int round = 0; round < philox_rounds; ++round) {
    const Long2 key0 = every_lane<Long2>(std::uint64_t{k0});
    const Long2 key1 = every_lane<Long2>(std::uint64_t{k1});
    CALOEXPORT_UNROLL_NOISE for (int pair = 0; pair < 2; ++pair) {
      const Long2 p0 = wide_product(first, c0[pair]);
      const Long2 p1 = wide_product(second, c2[pair]);
      // what gathers in the upper halves of c1 and c3 never reaches a lower half
      c0[pair] = (p1 >> 32) ^ c1[pair] ^ key0;
      c2[pair] = (p0 >> 32) ^ c3[pair] ^ key1;
      c1[pair] = p1;
      c3[pair] = p0;
    }
    k0 += philox_steps[0];
    k1 += philox_steps[1];
  }
  return {{lower_halves(c0), lower_halves(c1), lower_halves(c2), lower_halves(c3)}};
}

inline Float4 select(Int4 mask, Float4 yes, Float4 no) noexcept {
  return reinterpret_cast<Float4>((mask & reinterpret_cast<Int4>(yes)) |
                                  (~mask & reinterpret_cast<Int4>(no)));
}

inline Float4 numbers(Int4 x) noexcept { return __builtin_convertvector(x, Float4); }

template <std::size_t n>
inline Float4 horner(const float (&coefficients)[n], Float4 x) noexcept {
  Float4 y = every_lane<Float4>(coefficients[0]);
  CALOEXPORT_UNROLL_NOISE for (std::size_t k = 1; k < n; ++k) {
    y = rounded_sum(rounded_product(y, x), every_lane<Float4>(coefficients[k]));
  }
  return y;
}

/// x·factor, rounded.
inline Float4 scaled(Float4 x, float factor) noexcept {
  return rounded_product(x, every_lane<Float4>(factor));
}

/// x + shift, rounded.
inline Float4 shifted(Float4 x, float shift) noexcept {
  return rounded_sum(x, every_lane<Float4>(shift));
}

/// Square roots, each rounded correctly; -ffast-math would have clang++ estimate them.
inline Float4 square_root(Float4 x) noexcept {
#if defined(__AVX__)
  asm("vsqrtps %0, %0" : "+x"(x));
  return x;
#elif defined(__SSE2__)
  asm("sqrtps %0, %0" : "+x"(x));
  return x;
#else
  return Float4{__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]),
                __builtin_sqrtf(x[3])};
#endif
}

/// ln x for x from 2^-33 to 1.
inline Float4 logarithm(Float4 x) noexcept {
  const auto bits = reinterpret_cast<Int4>(x);
  const auto mantissa = reinterpret_cast<Float4>((bits & 0x007fffff) | 0x3f000000);  // 1/2 to 1
  const Int4 small = mantissa < every_lane<Float4>(sqrt_half);
  const Float4 exponent = numbers((bits >> 23) - 126 + small);  // small is -1 or 0
  const Float4 t = shifted(select(small, rounded_sum(mantissa, mantissa), mantissa), -1.0F);
  const Float4 square = rounded_product(t, t);
  Float4 y = rounded_product(rounded_product(horner(logarithm_coefficients, t), t), square);
  y = rounded_sum(y, scaled(exponent, ln2_low));
  y = rounded_difference(y, scaled(square, 0.5F));
  return rounded_sum(rounded_sum(t, y), scaled(exponent, ln2_high));
}

/// Uniform in (0, 1]; the sum alone rounds.
inline Float4 unit_interval(Word4 random) noexcept {
  const Float4 high = scaled(numbers(reinterpret_cast<Int4>(random >> 16)), 65536.0F);
  const Float4 whole = rounded_sum(high, numbers(reinterpret_cast<Int4>(random & 0xffffU)));
  return shifted(scaled(whole, 0x1p-32F), 0x1p-33F);
}

struct Pair {
  Float4 first, second;
};

/// Cosine and sine of 2π·word/2^32 - π/4, from the word's upper 26 bits.
inline Pair turn(Word4 random) noexcept {
  const auto bits = reinterpret_cast<Int4>(random);
  const Int4 step = ((bits & 0x3fffffff) >> 6) - (1 << 23);
  const Float4 angle = scaled(shifted(scaled(numbers(step), 0x1p-24F), 0x1p-25F), half_pi);
  const Float4 square = rounded_product(angle, angle);
  Float4 sine = rounded_product(horner(sine_coefficients, square), square);
  sine = rounded_sum(rounded_product(sine, angle), angle);
  Float4 cosine = rounded_product(horner(cosine_coefficients, square), square);
  cosine = rounded_difference(rounded_product(cosine, square), scaled(square, 0.5F));
  cosine = shifted(cosine, 1.0F);
  // the two highest bits are the quadrant: (c, s), (-s, c), (-c, -s), (s, -c)
  const Int4 odd = (bits << 1) >> 31;
  const Int4 upper = bits & INT32_MIN;
  const auto c = reinterpret_cast<Int4>(select(odd, sine, cosine)) ^ (odd & INT32_MIN) ^ upper;
  const auto s = reinterpret_cast<Int4>(select(odd, cosine, sine)) ^ upper;
  return {reinterpret_cast<Float4>(c), reinterpret_cast<Float4>(s)};
}

/// Two independent standard normals of two random words (Box-Muller).
inline Pair normals(Word4 radius_word, Word4 angle_word) noexcept {
  const Float4 radius = square_root(scaled(logarithm(unit_interval(radius_word)), -2.0F));
  const Pair direction = turn(angle_word);
  return {rounded_product(radius, direction.first), rounded_product(radius, direction.second)};
}

/// In [0, 1), exact.
inline Float4 uniforms(Word4 random) noexcept {
  return scaled(numbers(reinterpret_cast<Int4>(random >> 8)), 0x1p-24F);
}

/// Puts the four numbers of each block together, block by block, at z.
inline void store(Float4 z0, Float4 z1, Float4 z2, Float4 z3, float* z) noexcept {
  const Float4 low_a = CALOEXPORT_LANES(z0, z1, 0, 4, 1, 5);
  const Float4 low_b = CALOEXPORT_LANES(z2, z3, 0, 4, 1, 5);
  const Float4 high_a = CALOEXPORT_LANES(z0, z1, 2, 6, 3, 7);
  const Float4 high_b = CALOEXPORT_LANES(z2, z3, 2, 6, 3, 7);
  const Float4 blocks[] = {
      CALOEXPORT_LANES(low_a, low_b, 0, 1, 4, 5), CALOEXPORT_LANES(low_a, low_b, 2, 3, 6, 7),
      CALOEXPORT_LANES(high_a, high_b, 0, 1, 4, 5), CALOEXPORT_LANES(high_a, high_b, 2, 3, 6, 7)};
  std::memcpy(z, blocks, sizeof blocks);
}

struct Normal {
  static void draw(const Words& random, float* z) noexcept {
    const Pair x = normals(random.word[0], random.word[1]);
    const Pair y = normals(random.word[2], random.word[3]);
    store(x.first, x.second, y.first, y.second, z);
  }
};

struct Uniform {
  static void draw(const Words& random, float* z) noexcept {
    store(uniforms(random.word[0]), uniforms(random.word[1]), uniforms(random.word[2]),
          uniforms(random.word[3]), z);
  }
};

template <class Law>
inline void draw(std::uint64_t seed, std::uint64_t shower, std::size_t n, float* z) noexcept {
  for (std::size_t first = 0; first < n; first += together) {
    const Words random = philox(seed, shower, first / 4);
    if (n - first >= together) {
      Law::draw(random, z + first);
    } else {
      float last[together];
      Law::draw(random, last);
      std::memcpy(z + first, last, (n - first) * sizeof(float));
    }
  }
}

#undef CALOEXPORT_LANES
#undef CALOEXPORT_UNROLL_NOISE

}  // namespace noise

/// Draws the latents of one shower from N(0, 1).
/// @param z (n), overwritten
inline void standard_normals(std::uint64_t seed, std::uint64_t shower, std::size_t n,
                             float* z) noexcept {
  noise::draw<noise::Normal>(seed, shower, n, z);
}

/// Draws the latents of one shower from U(0, 1).
/// @param z (n), overwritten; in [0, 1)
inline void standard_uniforms(std::uint64_t seed, std::uint64_t shower, std::size_t n,
                              float* z) noexcept {
  noise::draw<noise::Uniform>(seed, shower, n, z);
}

/// Turns numbers of a standard law into those of another, z -> shift + scale·z, not fused.
/// @param z (n), in place
inline void apply_law(float shift, float scale, std::size_t n, float* z) noexcept {
  for (std::size_t k = 0; k < n; ++k) {
    z[k] = rounded_sum(shift, rounded_product(scale, z[k]));
  }
}
