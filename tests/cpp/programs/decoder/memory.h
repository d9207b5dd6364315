#pragma once
#include "expect.h"

#if defined(COUNT_ALLOCATIONS)
#include <atomic>
#include <cstdlib>
#include <new>

inline std::atomic<std::size_t> allocations{0};

// A replacement may not be inline: this header belongs to the one source with main(). If g++ pasted
// them into their callers, it would take them for mismatched pairs of new and free.
#define NOT_PASTED __attribute__((noinline))
NOT_PASTED void* operator new(std::size_t size) {
  ++allocations;
  if (void* const place = std::malloc(size == 0 ? 1 : size)) return place;
  throw std::bad_alloc();
}
NOT_PASTED void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const std::size_t step = static_cast<std::size_t>(alignment);
  if (void* const place = std::aligned_alloc(step, (size + step) / step * step)) return place;
  throw std::bad_alloc();
}
NOT_PASTED void operator delete(void* place) noexcept { std::free(place); }
NOT_PASTED void operator delete(void* place, std::size_t) noexcept { std::free(place); }
NOT_PASTED void operator delete(void* place, std::align_val_t) noexcept { std::free(place); }
NOT_PASTED void operator delete(void* place, std::size_t, std::align_val_t) noexcept {
  std::free(place);
}

/// Making showers, refusing and listing them allocates nothing.
inline void check_memory(const generator::Decoder& decoder) {
  generator::Conditions conditions = usual_conditions();
  generator::Shower shower(decoder);
  std::size_t listed = 0;
  const std::size_t before = allocations;
  for (std::uint64_t number = 0; number < 50; ++number) {
    decoder.sample(conditions, 1, number, shower);
    listed += shower.cells().size();
    decoder.sample(conditions, [] { return 0.5; }, shower);
  }
  conditions.energy_mev = -1;
  decoder.sample(conditions, 1, 0, shower);
  const std::size_t after = allocations;
  expect(before > 0, "the decoder's own allocations are counted");
  expect(after == before && listed > 0, std::to_string(after - before) + " allocations");
  static_assert(noexcept(decoder.sample(conditions, 1, 0, shower)), "no exception in the hot path");
  static_assert(noexcept(shower.cells()), "no exception in the hot path");
}
#else
inline void check_memory(const generator::Decoder&) {}  // the sanitizers have their own allocator
#endif
