/** What the last showers of the same conditions had in common: sums by bin of each. */
export class Recent {
  /** Keep the last `limit` showers. */
  constructor(limit) {
    this.limit = limit;
    this.showers = new Map();
  }

  get count() {
    return this.showers.size;
  }

  /** Return whether a shower, by its number, is among them. */
  has(number) {
    return this.showers.has(number);
  }

  /** Forget all: the conditions have changed. */
  clear() {
    this.showers.clear();
  }

  /** Add a shower: its number and {name: array of sums}. */
  add(number, sums) {
    this.showers.delete(number);
    this.showers.set(number, sums);
    if (this.count > this.limit) this.showers.delete(this.showers.keys().next().value);
  }

  /** Return mean and standard deviation of every sum of a name, null for less than two showers. */
  spread(name) {
    if (this.count < 2) return null;
    const rows = [...this.showers.values()].map((sums) => sums[name]);
    const average = (of) => rows.reduce((sum, row) => sum + of(row), 0) / this.count;
    const mean = rows[0].map((_, k) => average((row) => row[k]));
    const deviation = mean.map((middle, k) => {
      const variance = average((row) => (row[k] - middle) ** 2);
      return Math.sqrt((variance * this.count) / (this.count - 1));
    });
    return { mean, deviation };
  }
}
