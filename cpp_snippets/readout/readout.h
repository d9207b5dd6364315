#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "hits.h"

namespace detail {
inline double lesser(double a, double b) noexcept { return a < b ? a : b; }
inline double larger(double a, double b) noexcept { return a < b ? b : a; }
inline std::int64_t floor_of(double x) noexcept {
  const auto whole = static_cast<std::int64_t>(x);
  return x < static_cast<double>(whole) ? whole - 1 : whole;
}
/// Rounds a number of units to a whole one, ties to even: std::rint is a call without SSE4.1.
inline double whole_units(double x) noexcept {
  constexpr double shift = 4503599627370496.0;  // 2^52: what is above has no fraction
  return x < shift / 2 ? rounded_sum(x, shift) - shift : std::rint(x);
}
}  // namespace detail

/// The readout, ready to share showers: immutable, one serves all threads.
///
/// A cell of the mesh is divided into needles along the particle, of the same energy each. Depth
/// and the way along x are shared exactly, the area across by the number of needles. Energies are
/// whole numbers of units, so that nothing is lost and sums do not depend on their order.
class Readout {
 public:
  Readout() {
    for (std::size_t ring = 0; ring < n_r; ++ring) {
      first_needle_[ring] = needles_.size();
      place(static_cast<double>(ring), n_needles[ring]);
    }
  }

  /// Shares a shower over the cells of the readout.
  ///
  /// cells: (of `Shower::cells()`), MeV. theta_rad: angle of the particle to the beam axis, which
  /// is +x. entry_x_mm, entry_y_mm: where it enters the front face. A shower along the layers
  /// (sin θ < 0.05) or from nowhere is refused, and the hits are empty.
  Status share(const Cells& cells, double theta_rad, double entry_x_mm, double entry_y_mm,
               Hits& hits) const noexcept {
    hits.size_ = 0;
    hits.dead_ = hits.outside_ = 0;
    const Particle at{std::sin(theta_rad), std::cos(theta_rad), entry_x_mm + nudge_mm,
                      entry_y_mm + nudge_mm};
    if (!std::isfinite(theta_rad + entry_x_mm + entry_y_mm)) return Status::not_finite;
    const double farthest_mm = detail::larger(std::abs(entry_x_mm), std::abs(entry_y_mm));
    if (at.sine < 0.05 || farthest_mm > 1e6) return Status::out_of_range;
    open_windows(at, hits);
    for (const Cell& cell : cells) share_cell(cell, at, hits);
    hits.list();
    return Status::ok;
  }

  /// Centre of a hit's cell: depth along +z, beam axis +x, y = z × x.
  static ReadoutPosition position(const Hit& hit) noexcept {
    const ReadoutLayer& layer = readout_layers[hit.layer];
    return {layer.x_low_mm + (hit.ix + 0.5) * layer.x_cell_mm,
            layer.y_low_mm + (hit.iy + 0.5) * layer.y_cell_mm, (layer.begin_mm + layer.end_mm) / 2};
  }

 private:
  struct Needle {
    double x_mm, y_mm;  // in the frame of the shower
  };
  struct Particle {
    double sine, cosine, x_mm, y_mm;
  };
  /// A needle inside one layer: units, begin and way along x, place across.
  struct Piece {
    double energy, x_mm, way_mm, y_mm;
  };

  /// Places the n needles of every cell of a ring: evenly in r² and, in another order, in φ.
  void place(double ring, std::size_t n) {
    constexpr double two_pi = 6.283185307179586;
    const auto count = static_cast<double>(n);
    for (std::size_t sector = 0; sector < n_phi; ++sector) {
      for (std::size_t k = 0; k < n; ++k) {
        const double part = (static_cast<double>(k) + 0.5) / count;
        const double square = ring * ring + rounded_product(part, 2 * ring + 1);
        const double r_mm = cell_dr_mm * std::sqrt(square);
        const double turn = (static_cast<double>(golden_rank(k, n)) + 0.5) / count;
        const double turns = (static_cast<double>(sector) + turn) / static_cast<double>(n_phi);
        const double phi_rad = mesh_phi_origin_rad + rounded_product(turns, two_pi);
        needles_.push_back({r_mm * std::cos(phi_rad), r_mm * std::sin(phi_rad)});
      }
    }
  }

  /// Rank of k · golden ratio modulo 1 among those of 0 to n - 1.
  static std::size_t golden_rank(std::size_t k, std::size_t n) noexcept {
    const auto place_of = [](std::size_t i) {
      return std::fmod(rounded_product(static_cast<double>(i), 0.6180339887498949), 1.0);
    };
    std::size_t rank = 0;
    for (std::size_t i = 0; i < n; ++i) rank += place_of(i) < place_of(k) ? 1U : 0U;
    return rank;
  }

  /// Finds the cells that the mesh can reach, one more on each side.
  static void open_windows(const Particle& at, Hits& hits) noexcept {
    constexpr double radius = static_cast<double>(n_r) * cell_dr_mm;
    constexpr double length = static_cast<double>(n_z) * cell_dz_mm;
    const double x_low = at.x_mm - radius * at.sine + detail::lesser(0, length * at.cosine);
    const double x_high = at.x_mm + radius * at.sine + detail::larger(0, length * at.cosine);
    std::int64_t start = 0;
    for (std::size_t k = 0; k < n_readout_layers; ++k) {
      const ReadoutLayer& layer = readout_layers[k];
      const std::int64_t x = reach(x_low, layer.x_low_mm, layer.x_cells_per_mm, -1, layer.n_x);
      const std::int64_t y =
          reach(at.y_mm - radius, layer.y_low_mm, layer.y_cells_per_mm, -1, layer.n_y);
      const std::int64_t width =
          reach(x_high, layer.x_low_mm, layer.x_cells_per_mm, 2, layer.n_x) - x;
      const std::int64_t height =
          reach(at.y_mm + radius, layer.y_low_mm, layer.y_cells_per_mm, 2, layer.n_y) - y;
      hits.windows_[k] = {x, y, width, height, start};
      start += width * height;
    }
    hits.windows_[n_readout_layers] = {0, 0, 0, 0, start};
  }

  static std::int64_t reach(double place_mm, double low_mm, double per_mm, std::int64_t more,
                            std::int64_t n) noexcept {
    const std::int64_t cell = detail::floor_of((place_mm - low_mm) * per_mm) + more;
    return cell < 0 ? 0 : cell > n ? n : cell;
  }

  void share_cell(const Cell& cell, const Particle& at, Hits& hits) const noexcept {
    const Indices place = indices(cell.index);
    const std::size_t n = n_needles[place.r];
    const double energy = static_cast<double>(cell.energy_mev) / static_cast<double>(n);
    const double each = std::rint(energy * units_per_mev);
    const double z_mm = static_cast<double>(place.z) * cell_dz_mm;
    const double depth_mm = cell_dz_mm * at.sine, per_depth = 1 / depth_mm;
    const double z_depth = rounded_product(z_mm, at.sine), z_x = rounded_product(z_mm, at.cosine);
    const Needle* needle = needles_.data() + first_needle_[place.r] + place.phi * n;
    std::size_t segment = 0;
    for (const Needle* const last = needle + n; needle != last; ++needle) {
      const double begin_mm = rounded_product(needle->x_mm, at.cosine) + z_depth;
      const double x_mm = at.x_mm - rounded_product(needle->x_mm, at.sine) + z_x;
      const Piece whole{each, x_mm, cell_dz_mm * at.cosine, at.y_mm - needle->y_mm};
      segment = share_needle(whole, begin_mm, depth_mm, per_depth, segment, hits);
    }
  }

  /// Cuts a needle at the edges of layers; returns the segment of the depth where it begins.
  static std::size_t share_needle(const Piece& whole, double begin_mm, double depth_mm,
                                  double per_depth, std::size_t segment, Hits& hits) noexcept {
    while (begin_mm < readout_edges_mm[segment]) --segment;
    while (begin_mm >= readout_edges_mm[segment + 1]) ++segment;
    const double end_mm = rounded_sum(begin_mm, depth_mm);
    double t = 0, done = 0;
    for (std::size_t here = segment;; ++here) {
      const double edge_mm = readout_edges_mm[here + 1];
      const bool last = end_mm <= edge_mm;
      const double t_next = last ? 1 : rounded_product(edge_mm - begin_mm, per_depth);
      const double now = detail::whole_units(whole.energy * t_next);
      if (now > done) {
        const Piece piece{now - done, whole.x_mm + rounded_product(whole.way_mm, t),
                          rounded_product(whole.way_mm, t_next - t), whole.y_mm};
        share_piece(piece, readout_segments[here], hits);
      }
      if (last) return segment;
      t = t_next;
      done = now;
    }
  }

  /// Finds the row of cells that a piece lies in.
  static void share_piece(const Piece& piece, int number, Hits& hits) noexcept {
    if (number < 0) {
      (number == outside_segment ? hits.outside_ : hits.dead_) += piece.energy;
      return;
    }
    const ReadoutLayer& layer = readout_layers[number];
    const double across = rounded_product(piece.y_mm - layer.y_low_mm, layer.y_cells_per_mm);
    const std::int64_t iy = detail::floor_of(across);
    if (iy < 0 || iy >= layer.n_y) {
      hits.outside_ += piece.energy;
      return;
    }
    const double place_in_cell = across - static_cast<double>(iy);
    if (!(layer.y_gap <= place_in_cell && place_in_cell < 1 - layer.y_gap)) {
      hits.dead_ += piece.energy;
      return;
    }
    const Hits::Window& window = hits.windows_[static_cast<std::size_t>(number)];
    const std::int64_t row = window.start - window.x * window.height + iy - window.y;
    share_along(piece, layer, row, window.height, hits);
  }

  /// Shares a piece over a row of cells along x. row: slot of cell 0, height: to the next cell.
  static void share_along(const Piece& piece, const ReadoutLayer& layer, std::int64_t row,
                          std::int64_t height, Hits& hits) noexcept {
    const double begin = rounded_product(piece.x_mm - layer.x_low_mm, layer.x_cells_per_mm);
    const double end = begin + rounded_product(piece.way_mm, layer.x_cells_per_mm);
    const double low = detail::lesser(begin, end), high = detail::larger(begin, end);
    const double gap = layer.x_gap;
    if (high - low < 1e-6) {  // at one place
      const std::int64_t ix = detail::floor_of(begin);
      const double place_in_cell = begin - static_cast<double>(ix);
      if (ix < 0 || ix >= layer.n_x) {
        hits.outside_ += piece.energy;
      } else if (gap <= place_in_cell && place_in_cell < 1 - gap) {
        hits.add(row + ix * height, piece.energy);
      } else {
        hits.dead_ += piece.energy;
      }
      return;
    }
    const double per_width = 1 / (high - low);
    double rest = piece.energy;
    for (std::int64_t ix = detail::floor_of(low); static_cast<double>(ix) <= high; ++ix) {
      const bool inside = ix >= 0 && ix < layer.n_x;
      const double left = static_cast<double>(ix) + (inside ? gap : 0);
      const double right = static_cast<double>(ix) + 1 - (inside ? gap : 0);
      if (inside && left <= low && high <= right) {
        hits.add(row + ix * height, piece.energy);
        return;
      }
      const double first = detail::larger(low, left), last = detail::lesser(high, right);
      if (last <= first) continue;
      const double part =
          detail::whole_units(piece.energy * rounded_product(last - low, per_width)) -
          detail::whole_units(piece.energy * rounded_product(first - low, per_width));
      rest -= part;
      if (!inside) {
        hits.outside_ += part;
      } else if (part > 0) {
        hits.add(row + ix * height, part);
      }
    }
    hits.dead_ += rest;
  }

  std::vector<Needle> needles_;
  std::size_t first_needle_[n_r];
};

inline Hits::Hits() : windows_(n_readout_layers + 1) {
  constexpr double radius = static_cast<double>(n_r) * cell_dr_mm;
  constexpr double length = static_cast<double>(n_z) * cell_dz_mm;
  const double longest = std::hypot(2 * radius, length);  // along x, at any angle
  double most = 0;
  for (const ReadoutLayer& layer : readout_layers) {
    most += detail::lesser(static_cast<double>(layer.n_x), longest * layer.x_cells_per_mm + 5) *
            detail::lesser(static_cast<double>(layer.n_y), 2 * radius * layer.y_cells_per_mm + 5);
  }
  const auto n = static_cast<std::size_t>(most) + 1;
  sums_.resize(n);
  marks_.resize(n / marked + 1);
  hits_.reset(new Hit[n]);  // not initialised: memory that is never touched costs nothing
}

inline void Hits::list() noexcept {
  std::size_t layer = 0;
  for (std::size_t mark = 0; mark < marks_.size(); ++mark) {
    if (marks_[mark] == 0) continue;
    marks_[mark] = 0;
    const std::size_t begin = mark * marked;
    const std::size_t end = begin + marked < sums_.size() ? begin + marked : sums_.size();
    for (std::size_t slot = begin; slot < end; ++slot) {
      if (!(sums_[slot] != 0)) continue;
      const auto number = static_cast<std::int64_t>(slot);
      while (number >= windows_[layer + 1].start) ++layer;
      const Window& window = windows_[layer];
      const std::int64_t ix = (number - window.start) / window.height + window.x;
      const std::int64_t iy = (number - window.start) % window.height + window.y;
      const ReadoutLayer& found = readout_layers[layer];
      hits_[size_++] = {found.first + ix * found.n_y + iy, static_cast<std::int32_t>(layer),
                        static_cast<std::int32_t>(ix), static_cast<std::int32_t>(iy),
                        static_cast<float>(sums_[slot] / units_per_mev)};
      sums_[slot] = 0;
    }
  }
}
