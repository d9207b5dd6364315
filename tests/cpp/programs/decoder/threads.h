#pragma once
#include <atomic>
#include <thread>

#include "expect.h"

/// Eight threads that share a decoder make the showers that one makes, in any order.
inline void check_threads(const generator::Decoder& decoder) {
  constexpr std::size_t n_threads = 8, n_showers = 40;
  const auto conditions = [](std::size_t k) {
    return generator::reference_showers()[k % generator::n_reference_showers].conditions;
  };
  std::vector<std::vector<float>> expected;
  generator::Shower shower(decoder);
  for (std::size_t k = 0; k < n_showers; ++k) {
    decoder.sample(conditions(k), 7, k, shower);
    expected.push_back(energies_of(shower));
  }
  std::atomic<bool> started{false};
  std::atomic<std::size_t> different{0};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < n_threads; ++thread) {
    threads.emplace_back([&, thread] {
      generator::Shower own(decoder);
      while (!started) std::this_thread::yield();
      for (std::size_t step = 0; step < n_showers; ++step) {
        const std::size_t k = (step * (2 * thread + 1) + 5 * thread) % n_showers;
        decoder.sample(conditions(k), 7, k, own);
        if (!same_bits(energies_of(own), expected[k])) ++different;
      }
    });
  }
  started = true;
  for (std::thread& thread : threads) thread.join();
  expect(different == 0, std::to_string(different) + " showers of threads differ");
}
