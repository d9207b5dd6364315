/** What products see of the inputs of a row, by precision (runtime/precisions). */
import { bitsOf, f32, floatOf } from "./float32.js";

const ROUNDINGS = {
  "bfloat16-a16": (row) => row.map(bfloat16Of),
  int8: (row) => levelsOf(row, 32639),
  "int8-a8": (row) => levelsOf(row, 127),
};

/** Return the function of a row; `rounding` is null for precisions that take inputs as they are. */
export function seenBy(rounding) {
  return rounding === null ? (row) => row : ROUNDINGS[rounding];
}

/** Return a float32 rounded to bfloat16, ties to even. */
function bfloat16Of(value) {
  if (!Number.isFinite(value)) return value;
  const bits = bitsOf(value);
  return floatOf((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
}

/** Return values rounded to whole multiples of a step, of which the largest value has `levels`. */
function levelsOf(row, levels) {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), f32(1e-30));
  const factor = f32(levels / largest), step = f32(largest / levels);
  return row.map((value) => roundHalfEven(f32(value * factor)) * step);
}

function roundHalfEven(x) {
  const below = Math.floor(x), rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}
