/**
 * How strongly an energy is shown, between a threshold and the highest energy; shared by views that
 * are compared.
 */
export class EnergyScale {
  /** Energies in MeV; `kind` is "log" or "linear". */
  constructor(threshold, highest, kind = "log") {
    this.threshold = threshold;
    this.highest = highest;
    this.kind = kind;
  }

  /** Return 0 to 1; less than 0 for an energy that is not shown. */
  strength(energy) {
    if (!(energy > 0) || energy < this.threshold) return -1;
    return Math.max(0, Math.min(1, this.place(energy)));
  }

  /** Return where an energy is on the scale, 0 at the threshold, 1 at the highest. */
  place(energy) {
    const [low, high] = [this.threshold, this.highest];
    if (!(high > low)) return 1;
    if (this.kind === "linear") return (energy - low) / (high - low);
    return Math.log(energy / low) / Math.log(high / low);
  }

  /** Return the energy at a place from 0 to 1. */
  energy(place) {
    const [low, high] = [this.threshold, this.highest];
    return this.kind === "linear" ? low + place * (high - low) : low * (high / low) ** place;
  }
}
