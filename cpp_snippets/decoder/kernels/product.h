#pragma once
#include <utility>

#include "epilogue.h"
#include "storages.h"

/// The numbers 0, 1, …, n - 1 as a parameter pack: loops over registers are written with it.
template <std::ptrdiff_t n>
using Counted = std::make_integer_sequence<std::ptrdiff_t, n>;
template <std::ptrdiff_t... k>
using Numbers = std::integer_sequence<std::ptrdiff_t, k...>;

/// The product of some rows with some vectors of one or two tiles. Sums stand in registers, in the
/// order (tiles, rows, vectors); each is summed over the inputs in order, whatever the form.
template <class Weights, std::ptrdiff_t tiles, std::ptrdiff_t rows, std::ptrdiff_t vectors>
struct Product {
  using Inputs = typename Weights::Inputs;
  using Slots = Counted<tiles * rows * vectors>;

  static constexpr std::ptrdiff_t tile_of(std::ptrdiff_t slot) { return slot / (rows * vectors); }
  static constexpr std::ptrdiff_t row_of(std::ptrdiff_t slot) { return slot / vectors % rows; }
  static constexpr std::ptrdiff_t lane_of(std::ptrdiff_t slot) { return slot % vectors * lanes; }

  /// Starts every sum with the bias of its output.
  template <std::ptrdiff_t... slot>
  static CALOEXPORT_INLINE void begin(Vector* sums, const float* bias, std::ptrdiff_t distance,
                                      Numbers<slot...>) noexcept {
    ((sums[slot] = load(bias + tile_of(slot) * distance + lane_of(slot))), ...);
  }

  /// Reads the inputs of one word from every row.
  template <std::ptrdiff_t... row>
  static CALOEXPORT_INLINE void read(Inputs* inputs, const Rows& data, const float* first,
                                     std::ptrdiff_t word, std::ptrdiff_t n_in,
                                     Numbers<row...>) noexcept {
    ((inputs[row] = Weights::inputs(first + row * data.stride, word, n_in)), ...);
  }

  /// Adds the products of one word to every sum.
  template <std::ptrdiff_t... slot>
  static CALOEXPORT_INLINE void add(Vector* sums, const float* words, std::ptrdiff_t second,
                                    const Inputs* inputs, Numbers<slot...>) noexcept {
    ((sums[slot] = Weights::add_to(sums[slot], words + tile_of(slot) * second + lane_of(slot),
                                   inputs[row_of(slot)])),
     ...);
  }

  /// Finishes the sums of every row and tile, one after the other.
  template <std::ptrdiff_t... slot>
  static CALOEXPORT_INLINE void end(const Vector* sums, const Step& step, const Rows& data,
                                    std::ptrdiff_t row, std::ptrdiff_t first,
                                    std::ptrdiff_t distance, Numbers<slot...>) noexcept {
    // only the copies have addresses: the sums stay in registers
    const Vector copies[] = {sums[slot]...};
    for (std::ptrdiff_t k = 0; k < tiles * rows; ++k) {
      finish<vectors>(step, data, row + k % rows, first + k / rows * distance,
                      copies + k * vectors);
    }
  }

  /// Multiplies.
  ///
  /// row: the first of the rows. first: the output of the first lane. distance: outputs from the
  /// first tile to the second.
  static CALOEXPORT_TARGET void run(const Step& step, const Rows& data, std::ptrdiff_t row,
                                    std::ptrdiff_t first, std::ptrdiff_t distance) noexcept {
    const std::ptrdiff_t n_in = step.n_in, n_words = words_of<Weights>(n_in);
    const std::ptrdiff_t second = distance * n_words;
    const float* words = static_cast<const float*>(step.first) +
                         first / tile_outputs * tile_outputs * n_words + first % tile_outputs;
    const float* const inputs = data.inputs + row * data.stride;
    Vector sums[tiles * rows * vectors];
    begin(sums, static_cast<const float*>(step.second) + first, distance, Slots{});
    for (std::ptrdiff_t word = 0; word < n_words; ++word) {
      Inputs x[rows];
      read(x, data, inputs, word, n_in, Counted<rows>{});
      add(sums, words, second, x, Slots{});
      words += tile_outputs;
    }
    end(sums, step, data, row, first, distance, Slots{});
  }
};
