#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "rounding.h"

namespace detail {
struct Words {
  std::uint32_t word[4];
};
/// Philox4x32-10 (Salmon et al., SC11).
inline Words philox(std::uint32_t block, std::uint64_t shower, std::uint64_t seed) noexcept {
  std::uint32_t c[4] = {block, 0, static_cast<std::uint32_t>(shower),
                        static_cast<std::uint32_t>(shower >> 32)};
  std::uint32_t k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t q = std::uint64_t{0xCD9E8D57u} * c[2];
    const std::uint32_t next[4] = {static_cast<std::uint32_t>(q >> 32) ^ c[1] ^ k0,
                                   static_cast<std::uint32_t>(q),
                                   static_cast<std::uint32_t>(p >> 32) ^ c[3] ^ k1,
                                   static_cast<std::uint32_t>(p)};
    std::memcpy(c, next, sizeof c);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  Words words;
  std::memcpy(words.word, c, sizeof c);
  return words;
}
template <std::size_t N>
float horner(const float (&coefficients)[N], float x) noexcept {
  float y = coefficients[0];
  for (std::size_t k = 1; k < N; ++k) y = rounded_product(y, x) + coefficients[k];
  return y;
}
/// ln x for x in [2^-33, 1], by the polynomial of Cephes.
inline float logarithm(float x) noexcept {
  constexpr float coefficients[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                                    -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                                    2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
  std::int32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  float exponent = static_cast<float>((bits >> 23) - 126);
  const std::int32_t half = (bits & 0x007FFFFF) | 0x3F000000;
  float mantissa;
  std::memcpy(&mantissa, &half, sizeof mantissa);
  const bool is_small = mantissa < 0.70710678118654752f;
  if (is_small) exponent -= 1.0f;
  const float t = is_small ? mantissa + mantissa - 1.0f : mantissa - 1.0f;
  const float square = rounded_product(t, t);
  float y = rounded_product(rounded_product(horner(coefficients, t), t), square);
  y = y + rounded_product(-2.12194440e-4f, exponent);
  y = y - rounded_product(0.5f, square);
  return t + y + rounded_product(0.693359375f, exponent);
}
/// Two standard normal numbers of two words (Box-Muller).
inline void gaussian_pair(std::uint32_t radius_word, std::uint32_t angle_word, float* pair) noexcept {
  const float scaled = rounded_product(static_cast<float>(radius_word), 0x1p-32f);
  const float radius = std::sqrt(rounded_product(-2.0f, logarithm(scaled + 0x1p-33f)));
  const std::uint32_t quadrant = angle_word >> 30;
  const std::int32_t step = static_cast<std::int32_t>((angle_word & 0x3FFFFFFFu) >> 6) - (1 << 23);
  const float turn = rounded_product(static_cast<float>(step), 0x1p-24f) + 0x1p-25f;
  const float angle = rounded_product(turn, 1.57079632679489662f);
  const float square = rounded_product(angle, angle);
  constexpr float sines[] = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
  constexpr float cosines[] = {2.443315711809948e-5f, -1.388731625493765e-3f,
                               4.166664568298827e-2f};
  const float sine =
      rounded_product(rounded_product(horner(sines, square), square), angle) + angle;
  const float cosine = rounded_product(rounded_product(horner(cosines, square), square), square) -
                       rounded_product(0.5f, square) + 1.0f;
  const bool odd = quadrant & 1u;
  float c = odd ? -sine : cosine, s = odd ? cosine : sine;
  if (quadrant >= 2) c = -c, s = -s;
  pair[0] = rounded_product(radius, c);
  pair[1] = rounded_product(radius, s);
}
}  // namespace detail

/// Standard normal numbers (n) of a shower.
inline void standard_normals(std::uint64_t seed, std::uint64_t shower, std::size_t n,
                             float* z) noexcept {
  for (std::size_t first = 0; first < n; first += 4) {
    const detail::Words words = detail::philox(static_cast<std::uint32_t>(first / 4), shower, seed);
    float four[4];
    detail::gaussian_pair(words.word[0], words.word[1], four);
    detail::gaussian_pair(words.word[2], words.word[3], four + 2);
    for (std::size_t k = 0; k < 4 && first + k < n; ++k) z[first + k] = four[k];
  }
}
/// Numbers (n) of U(0, 1) of a shower.
inline void standard_uniforms(std::uint64_t seed, std::uint64_t shower, std::size_t n,
                              float* u) noexcept {
  for (std::size_t first = 0; first < n; first += 4) {
    const detail::Words words = detail::philox(static_cast<std::uint32_t>(first / 4), shower, seed);
    for (std::size_t k = 0; k < 4 && first + k < n; ++k) {
      u[first + k] = rounded_product(static_cast<float>(words.word[k] >> 8), 0x1p-24f);
    }
  }
}
