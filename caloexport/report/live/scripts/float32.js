/** Single numbers of float32, and their bits. */

const oneFloat = new Float32Array(1);
const itsBits = new Int32Array(oneFloat.buffer);

/** Return a number rounded to float32. */
export const f32 = Math.fround;

/** Return the 32 bits of a float32. */
export function bitsOf(x) {
  oneFloat[0] = x;
  return itsBits[0];
}

/** Return the float32 of 32 bits. */
export function floatOf(bits) {
  itsBits[0] = bits;
  return oneFloat[0];
}
