/**
 * From conditions to the network's input vector, by the formulas that the page holds as numbers
 * (runtime/formula.py): (f(x / unit) - offset) / scale with f the identity or the logarithm in
 * float64, or a row of a table: one for each category, or one for all.
 */
/** Return the columns of a formula for the value of its condition, of a category the index. */
export function columnsOf(formula, value) {
  const { table, unit, offset, scale, logarithmic } = formula;
  if (table.length) return table[table.length > 1 ? value : 0];
  const x = logarithmic ? Math.log(value / unit) : value / unit;
  return [(x - offset) / scale];
}

/**
 * Return the input vector of a shower as Float32Array: its latents, then the encoded conditions.
 *
 * `terms` are {condition: number, formula}, `values` one number for each condition.
 */
export function inputVector(latents, terms, values) {
  const encoded = terms.flatMap(({ condition, formula }) => columnsOf(formula, values[condition]));
  const vector = new Float32Array(latents.length + encoded.length);
  vector.set(latents);
  vector.set(encoded, latents.length);
  return vector;
}
