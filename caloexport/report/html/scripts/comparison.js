/**
 * How two samples differ in a panel: generated over reference, or the pull of numbers that may be
 * 0, as `Panel.comparison` (picture.py) has it. Where the reference has no point, its trend counts.
 */

const RATIO_REACH = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const PULL_REACH = [3, 5, 10, 20];
const MOST = 0.9; // of the points decide how far the lower panel reaches
const USELESS = 0.5; // error of a ratio that says nothing

/** Return for each bin or point the value, its error, and the error of the reference alone. */
export function comparison({ below, reference, generated, trend }) {
  return reference.values.map((told, k) => {
    const [found, error] = [generated.values[k], generated.errors[k]];
    const side = told === null && trend ? trend.expected : reference;
    const [usual, usualError] = [side.values[k], side.errors[k]];
    const nothing = { value: NaN, error: NaN, band: NaN };
    if ([usual, found, error, usualError].includes(null)) return nothing;
    if (below === "pull") {
      const sum = Math.hypot(usualError, error);
      return { value: sum > 0 ? (found - usual) / sum : NaN, error: 1, band: 0 };
    }
    const empty = found === 0 && error === 0; // no error that could be drawn
    const divisor = Math.abs(usual);
    if (empty || !(divisor > 0)) return nothing;
    return {
      value: (Math.sign(usual) * found) / divisor,
      error: error / divisor,
      band: usualError / divisor,
    };
  });
}

/** Return how far a lower panel reaches: the least step that holds nearly all points. */
export function reachOf(points, below) {
  const [steps, usual] = below === "pull" ? [PULL_REACH, 0] : [RATIO_REACH, 1];
  const far = points
    .filter(({ value, error }) => Number.isFinite(value) && (below === "pull" || error < USELESS))
    .map(({ value, error }) => Math.abs(value - usual) + (below === "pull" ? 0 : error))
    .sort((a, b) => a - b);
  if (!far.length) return steps.at(-1);
  const wanted = far[far.length > 10 ? Math.floor(MOST * (far.length - 1)) : far.length - 1];
  return steps.find((step) => step >= wanted) ?? steps.at(-1);
}
