#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>

/// Tells damaged or foreign data from the right ones, at the speed of memory; it resists no
/// attacker.
///
/// The data, padded with zeros to a multiple of 32 bytes, are words w of 64 bits, little-endian.
/// Modulo 2^64, with P = 0x9e3779b97f4a7c15, word 4·i + k goes into lane k of four,
///     lane = lane·P + (w ^ (w >> 32))             from 0 on,
/// and the lanes into the hash, in their order,
///     hash = (hash ^ mixed(lane))·P               from the number of bytes on,
/// where mixed(x) = b ^ (b >> 33), b = a·0xff51afd7ed558ccd, a = x ^ (x >> 33).
/// @param data (n_bytes), not aligned
inline std::uint64_t data_hash(const void* data, std::size_t n_bytes) noexcept {
  constexpr std::uint64_t prime = 0x9e3779b97f4a7c15U;
  constexpr std::size_t step = 32;
  std::uint64_t lane0 = 0, lane1 = 0, lane2 = 0, lane3 = 0;
  const auto add = [&](const char* place) {
    std::uint64_t words[4];
    std::memcpy(words, place, step);
    // a product alone would keep the highest bit, the sign of a float32, in the highest bit
    lane0 = lane0 * prime + (words[0] ^ (words[0] >> 32));
    lane1 = lane1 * prime + (words[1] ^ (words[1] >> 32));
    lane2 = lane2 * prime + (words[2] ^ (words[2] >> 32));
    lane3 = lane3 * prime + (words[3] ^ (words[3] >> 32));
  };
  const char* const bytes = static_cast<const char*>(data);
  const std::size_t whole = n_bytes / step * step;
  for (std::size_t place = 0; place < whole; place += step) {
    add(bytes + place);
  }
  if (whole < n_bytes) {
    char last[step] = {};
    std::memcpy(last, bytes + whole, n_bytes - whole);
    add(last);
  }
  std::uint64_t hash = n_bytes;
  for (std::uint64_t lane : {lane0, lane1, lane2, lane3}) {
    lane = (lane ^ (lane >> 33)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ lane ^ (lane >> 33)) * prime;
  }
  return hash;
}
