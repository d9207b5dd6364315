#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "data_hash.h"

/// What a header knows of the weights file that was written into it.
struct WeightsFile {
  const char* manifest_sha256;
  std::size_t n_bytes;       ///< of the file
  std::size_t header_bytes;  ///< of its length field and description; the numbers follow
  std::uint64_t header_hash;
  std::uint64_t data_hash;
};

/// The weights, which are a part of the program.
class Weights {
 public:
  /// Throws std::runtime_error with one line when the words were changed after they were written.
  Weights(const std::uint64_t* words, const WeightsFile& expected)
      : data_(reinterpret_cast<const unsigned char*>(words) + expected.header_bytes) {
    const std::size_t n_data = expected.n_bytes - expected.header_bytes;
    if (data_hash(words, expected.header_bytes) == expected.header_hash &&
        data_hash(data_, n_data) == expected.data_hash) {
      return;
    }
    throw std::runtime_error("the weights in the header of manifest " +
                             std::string(expected.manifest_sha256) + " were changed");
  }
  Weights(const Weights&) = delete;
  Weights& operator=(const Weights&) = delete;

  /// The numbers: what stands in the file behind its header.
  const unsigned char* data() const noexcept { return data_; }

 private:
  const unsigned char* data_;
};
