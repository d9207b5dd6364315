#pragma once
#include <cstdint>
#include <memory>
#include <vector>

class Readout;

/// A cell of the readout with energy.
struct Hit {
  std::int64_t cell;  ///< number in the readout: first cell of the layer + ix * n_y + iy
  std::int32_t layer, ix, iy;
  float energy_mev;
};

/// The hits of a shower, and all memory that sharing it takes: allocated once, for one thread.
class Hits {
 public:
  Hits();
  explicit Hits(const Readout&) : Hits() {}

  /// Hits in ascending order of their cell; they stay valid until the next shower.
  const Hit* begin() const noexcept { return hits_.get(); }
  const Hit* end() const noexcept { return hits_.get() + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// Energy in gaps between cells and between layers.
  double dead_mev() const noexcept { return dead_ / units_per_mev; }
  /// Energy in front of the first layer, behind the last one and beside the cells.
  double outside_mev() const noexcept { return outside_ / units_per_mev; }

 private:
  friend class Readout;

  /// The part of a layer that a shower can reach, in cells, and its first sum.
  struct Window {
    std::int64_t x, y, width, height, start;
  };

  void add(std::int64_t slot, double energy) noexcept {
    sums_[static_cast<std::size_t>(slot)] += energy;
    marks_[static_cast<std::size_t>(slot) / marked] = 1;
  }

  /// Lists what is not empty, and empties it for the next shower.
  void list() noexcept;

  static constexpr std::size_t marked = 64;  // sums behind one mark
  std::vector<Window> windows_;
  std::vector<double> sums_;
  std::vector<unsigned char> marks_;
  std::unique_ptr<Hit[]> hits_;
  std::size_t size_ = 0;
  double dead_ = 0, outside_ = 0;
};
