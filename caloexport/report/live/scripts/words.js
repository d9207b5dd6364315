/** Numbers with units, as people write them. */

const ENERGIES = [["TeV", 1e6], ["GeV", 1e3], ["MeV", 1], ["keV", 1e-3], ["eV", 1e-6]];

/** Return the unit in which an energy in MeV is written, and its size in MeV. */
export function unitOf(mev) {
  const size = Math.abs(Number(mev.toPrecision(3)));
  return ENERGIES.find(([, least]) => size >= least) ?? ENERGIES.at(-1);
}

/** Write an energy in MeV with three digits, for example "50 GeV". */
export function energyText(mev) {
  const [unit, size] = unitOf(mev);
  return `${digits(mev / size)} ${unit}`;
}

/** Write a number with three digits, without zeros at its end. */
export function digits(x) {
  return String(Number(x.toPrecision(3)));
}

/** Return the median of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
