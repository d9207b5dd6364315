#pragma once
#include "int8_products.h"
#include "product.h"

//% if uses("product")
/// Multiplies some rows with the outputs from `first` up to `last`, at most `vectors` vectors at a
/// time, or the half or the quarter of that where fewer hold the rest.
template <class Weights, std::ptrdiff_t rows, std::ptrdiff_t vectors>
CALOEXPORT_TARGET inline void multiply_outputs(const Step& step, const Rows& data,
                                               std::ptrdiff_t row, std::ptrdiff_t first,
                                               std::ptrdiff_t last) noexcept {
  while (first < last) {
    const std::ptrdiff_t rest = last - first;
    if (vectors >= 4 && rest <= vectors / 4 * lanes) {
      multiply_tiles<Weights, 1, rows, (vectors + 3) / 4>(step, data, row, first, 0);
    } else if (vectors >= 2 && rest <= vectors / 2 * lanes) {
      multiply_tiles<Weights, 1, rows, (vectors + 1) / 2>(step, data, row, first, 0);
    } else {
      multiply_tiles<Weights, 1, rows, vectors>(step, data, row, first, 0);
    }
    first += vectors * lanes;
  }
}

//% if uses("several_rows")
/// Tiles that a block of rows passes before the next block, and floats of their weights at most:
/// they stay in the second cache.
inline constexpr std::ptrdiff_t longest_run = 16, weights_of_run = std::ptrdiff_t{1} << 16;

/// Multiplies several rows: weights of a run of tiles are read from memory once.
template <class Weights>
CALOEXPORT_TARGET inline void multiply_rows(const Step& step, const Rows& data) noexcept {
  constexpr std::ptrdiff_t together = 6;
  const std::ptrdiff_t tile_floats = words_of<Weights>(step.n_in) * tile_outputs;
  const std::ptrdiff_t tiles =
      std::clamp(weights_of_run / tile_floats, std::ptrdiff_t{1}, longest_run);
  for (std::ptrdiff_t first = 0; first < step.n_out; first += tiles * tile_outputs) {
    const std::ptrdiff_t last = std::min(step.n_out, first + tiles * tile_outputs);
    std::ptrdiff_t row = 0;
    for (; row + together <= data.count; row += together) {
      multiply_outputs<Weights, together, block_vectors>(step, data, row, first, last);
    }
    for (; row < data.count; ++row) {
      multiply_outputs<Weights, 1, row_vectors>(step, data, row, first, last);
    }
  }
}

//% endif
/// Multiplies a single row, where two streams are faster with the first and the second half of
/// the kernel at a time.
template <class Weights>
CALOEXPORT_TARGET inline void multiply_one(const Step& step, const Rows& data) noexcept {
  const std::ptrdiff_t pairs = streams == 2 ? step.n_out / tile_outputs / 2 : 0;
  if constexpr (streams == 2) {
    const std::ptrdiff_t half = pairs * tile_outputs;
    for (std::ptrdiff_t first = 0; first < half; first += tile_outputs) {
      multiply_tiles<Weights, 2, 1, row_vectors>(step, data, 0, first, half);
    }
  }
  multiply_outputs<Weights, 1, row_vectors>(step, data, 0, 2 * pairs * tile_outputs, step.n_out);
}

/// Multiplies all rows with a kernel whose weights are read as they are stored.
template <class Weights>
CALOEXPORT_TARGET inline void multiply(const Step& step, const Rows& data) noexcept {
  if (data.count == 1) return multiply_one<Weights>(step, data);
  //% if uses("several_rows")
  multiply_rows<Weights>(step, data);
  //% endif
}

//% endif
/// Runs a dense layer with its activation on some rows.
CALOEXPORT_TARGET inline void dense(const Step& step, const Rows& data) noexcept {
  switch (step.storage) {
    //% if uses("float32")
    case Storage::float32:
      return multiply<Float32>(step, data);
    //% endif
    //% if uses("bfloat16")
    case Storage::bfloat16:
      return multiply<BFloat16>(step, data);
    //% endif
    //% if uses("int8")
    case Storage::int8:
      return dense_int8<16>(step, data);
    //% endif
    //% if uses("int8_a8")
    case Storage::int8_a8:
      return dense_int8<8>(step, data);
    //% endif
    default:
      return;
  }
}
