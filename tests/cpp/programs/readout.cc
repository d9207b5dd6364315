// Shares showers over a readout and prints cells and hits with all their bits:
// readout WEIGHTS, and on stdin lines of `energy_mev theta_rad x_mm y_mm`, one for each shower.
#include <cstdio>
#include <cstdlib>
#include <new>

#include "decoder.h"

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace siw = caloexport::cylinder;

int main(int, char** arguments) {
  const siw::Decoder decoder(arguments[1]);
  siw::Shower shower(decoder);
  const siw::Readout readout;
  siw::Hits hits(readout);
  siw::Conditions conditions;
  conditions.theta_rad = 1.3;  // of the network; the place in the readout is given
  conditions.geometry = siw::Geometry::siw;
  double theta_rad = 0, x_mm = 0, y_mm = 0;
  for (std::uint64_t number = 0;
       std::scanf("%lf %lf %lf %lf", &conditions.energy_mev, &theta_rad, &x_mm, &y_mm) == 4;
       ++number) {
    if (decoder.sample(conditions, 1, number, shower) != siw::Status::ok) return 1;
    const siw::Cells cells = shower.cells();
    const std::size_t before = allocations;
    const siw::Status status = readout.share(cells, theta_rad, x_mm, y_mm, hits);
    if (allocations != before) return 2;
    std::printf("shower %d %zu %zu %a %a\n", static_cast<int>(status), cells.size(), hits.size(),
                hits.dead_mev(), hits.outside_mev());
    for (const siw::Cell& cell : cells) {
      std::printf("%u %a\n", cell.index, static_cast<double>(cell.energy_mev));
    }
    for (const siw::Hit& hit : hits) {
      const siw::ReadoutPosition at = siw::Readout::position(hit);
      std::printf("%lld %a %d %d %d %.17g %.17g %.17g\n", static_cast<long long>(hit.cell),
                  static_cast<double>(hit.energy_mev), hit.layer, hit.ix, hit.iy, at.x_mm, at.y_mm,
                  at.z_mm);
    }
  }
  return 0;
}
