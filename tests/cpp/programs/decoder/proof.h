#pragma once
#include "expect.h"

/// The decoder agrees with the reference, and lists the cells that it filled.
inline void check_proof(const generator::Decoder& decoder) {
  std::string report;
  expect(decoder.selftest(report), "selftest: " + report);
  std::printf("%s\n", report.c_str());

  generator::Shower shower(decoder);
  for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
    const generator::ReferenceShower& one = generator::reference_showers()[k];
    const generator::Status status = decoder.sample(one.conditions, one.seed, one.number, shower);
    expect(status == generator::Status::ok, generator::message(status));
    std::size_t filled = 0;
    for (std::size_t cell = 0; cell < generator::n_cells; ++cell) {
      const float energy_mev = shower.energies()[cell];
      expect(energy_mev == 0 || energy_mev >= generator::threshold_mev, "cells below threshold");
      if (energy_mev != 0) ++filled;
    }
    expect(filled > 0 && filled == shower.cells().size(), "every filled cell is listed");
    std::size_t after = 0;
    for (const generator::Cell& cell : shower.cells()) {
      expect(cell.index >= after, "cells are listed in order");
      expect(cell.energy_mev == shower.energies()[cell.index], "cells have their own energy");
      after = cell.index + 1;
    }
  }
}
