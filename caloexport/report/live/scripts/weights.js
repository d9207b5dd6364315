/** Weights of the page: one text in base64, of which a table tells where each weight stands. */
import { sizeOf } from "./shapes.js";

/** Return the bytes of a text in base64. */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return bytes;
}

/**
 * Return a weight as {data: Float32Array, shape}.
 *
 * Its row of the table is {at, shape, precision, scale}; `scale` is where the scales of an 8-bit
 * matrix begin, one for each of its rows.
 */
export function weightOf(bytes, { at, shape, precision, scale }) {
  const size = sizeOf(shape);
  const place = bytes.byteOffset + at;
  if (precision === "float32") {
    return { data: new Float32Array(bytes.buffer, place, size), shape };
  }
  const data = new Float32Array(size);
  if (precision === "bfloat16") {
    const stored = new Uint16Array(bytes.buffer, place, size);
    const words = new Uint32Array(data.buffer);
    for (let k = 0; k < size; k++) words[k] = stored[k] << 16;
  } else {
    const stored = new Int8Array(bytes.buffer, place, size);
    const scales = new Float32Array(bytes.buffer, bytes.byteOffset + scale, shape[0]);
    const width = shape[1];
    for (let k = 0; k < size; k++) data[k] = stored[k] * scales[Math.floor(k / width)];
  }
  return { data, shape };
}
