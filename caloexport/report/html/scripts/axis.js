/** Axes: from numbers to places on the page, and the ticks along them. */

/** Return an axis from low to high (numbers) over from to to (places). */
export function axis(low, high, from, to, log = false) {
  const at = log ? Math.log10 : (value) => value;
  const [first, last] = [at(low), at(high)];
  const place = (value) => from + ((at(value) - first) / (last - first)) * (to - from);
  return { low, high, log, place, ticks: (most) => (log ? decades : even)(low, high, most) };
}

function even(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((times) => times * power >= rough * (1 - 1e-9));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    ticks.push(k === 0 ? 0 : k * step);
  }
  return ticks;
}

function decades(low, high, most) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 1) return fractions(low, high);
  const step = Math.ceil((last - first + 1) / most);
  const ticks = [];
  for (let k = first; k <= last; k += step) ticks.push(10 ** k);
  return ticks;
}

/** Less than two powers of ten: 1, 2, 5 times each, or even steps where that is too few. */
function fractions(low, high) {
  const ticks = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++) {
    ticks.push(...[1, 2, 5].map((times) => times * 10 ** k));
  }
  const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  return inside.length > 1 ? inside : even(low, high, 4);
}

/** Write a number at a tick, or in a table. */
export function written(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return scientific(value, digits);
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

const RAISED = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((one, k) => [k, one])) };

function scientific(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(power))].map((one) => RAISED[one]).join("");
  const times = Number(mantissa);
  const sign = times < 0 ? "−" : "";
  return Math.abs(times) === 1 ? `${sign}10${raised}` : `${sign}${Math.abs(times)}·10${raised}`;
}
