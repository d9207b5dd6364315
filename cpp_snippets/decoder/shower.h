#pragma once
#include <cstdint>
#include <vector>

#include "scratch.h"

class Decoder;

/// A cell with energy.
struct Cell {
  std::uint32_t index;  ///< position() tells where it is
  float energy_mev;
};

/// Cells in ascending order of their index, for a loop over them.
struct Cells {
  const Cell* first;
  const Cell* last;
  const Cell* begin() const noexcept { return first; }
  const Cell* end() const noexcept { return last; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(last - first); }
  bool empty() const noexcept { return first == last; }
  const Cell& operator[](std::size_t k) const noexcept { return first[k]; }
};

/// A shower, and all memory that making it takes: allocated once, for one thread at a time.
class Shower {
 public:
  Shower() : inputs_(n_inputs), energies_(n_outputs), scratch_(n_scratch), cells_(n_cells) {}
  explicit Shower(const Decoder&) : Shower() {}

  /// Energies of all cells (n_cells) in MeV, 0 below the threshold and after a refusal.
  const float* energies() const noexcept { return energies_.data(); }

  /// Latents (n_latents) that the shower was made from.
  const float* latents() const noexcept { return inputs_.data(); }

  /// Cells whose energy is not 0; they stay valid until the next shower.
  Cells cells() noexcept {
    if (!listed_) list();
    return {cells_.data(), cells_.data() + n_listed_};
  }

 private:
  friend class Decoder;

  void clear() noexcept {
    for (std::size_t cell = 0; cell < n_cells; ++cell) energies_.data()[cell] = 0.0F;
    listed_ = false;
  }

  void list() noexcept {
    const float* const energies_mev = energies_.data();
    std::size_t count = 0;
    for (std::size_t cell = 0; cell < n_cells; ++cell) {
      // written whether it counts or not: which cells are empty cannot be foreseen
      cells_[count] = {static_cast<std::uint32_t>(cell), energies_mev[cell]};
      count += energies_mev[cell] != 0.0F ? 1U : 0U;
    }
    n_listed_ = count;
    listed_ = true;
  }

  Floats inputs_, energies_, scratch_;
  std::vector<Cell> cells_;
  std::size_t n_listed_ = 0;
  bool listed_ = false;
};
