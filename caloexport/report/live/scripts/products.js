/**
 * Layers that multiply with kernels. A kernel is the matrix (n_out, n_in) of weights.js: each
 * output's weights stand together, and four outputs are summed at a time in float64.
 */
import { activationOf, sigmoid } from "./activations.js";
import { layer } from "./layers.js";
import { seenBy } from "./roundings.js";
import { sizeOf } from "./shapes.js";

/** Set result[at + j - from] = Σ x[k]·kernel[j, k], the sum over k, for j = from to to - 1. */
export function multiply(x, kernel, result, at, from = 0, to = kernel.shape[0]) {
  const w = kernel.data, n = x.length;
  let j = from;
  for (; j + 4 <= to; j += 4) {
    let a = 0, b = 0, c = 0, d = 0, p = j * n, q = p + n, r = q + n, s = r + n;
    for (let k = 0; k < n; k++) {
      const value = x[k];
      a += value * w[p++];
      b += value * w[q++];
      c += value * w[r++];
      d += value * w[s++];
    }
    const place = at + j - from;
    result[place] = a;
    result[place + 1] = b;
    result[place + 2] = c;
    result[place + 3] = d;
  }
  for (; j < to; j++) {
    let sum = 0;
    for (let k = 0, p = j * n; k < n; k++) sum += x[k] * w[p++];
    result[at + j - from] = sum;
  }
}

/** Call visit(row, number) for every position, with its inputs as products see them. */
export function eachRow(node, x, units, visit) {
  const seen = seenBy(node.rounding);
  for (let start = 0, number = 0; start < x.data.length; start += units, number++) {
    visit(seen(Float64Array.from(x.data.subarray(start, start + units))), number);
  }
}

/** Add the bias to each row of a result, and return it. */
export function plusBias(result, bias) {
  for (let start = 0; start < result.length; start += bias.length) {
    for (let k = 0; k < bias.length; k++) result[start + k] += bias[k];
  }
  return result;
}

layer("dense", (node, [x]) => {
  const { kernel, bias } = node.weights, [units, width] = kernel.shape;
  const result = new Float64Array(sizeOf(node.shape));
  eachRow(node, x, width, (row, number) => multiply(row, kernel, result, number * units));
  return Float32Array.from(plusBias(result, bias.data));
});

layer("maxout", (node, [x]) => {
  const { kernel, bias } = node.weights, width = kernel.shape[1], units = node.shape.at(-1);
  const pieces = new Float64Array(kernel.shape[0]), result = new Float32Array(sizeOf(node.shape));
  eachRow(node, x, width, (row, number) => {
    multiply(row, kernel, pieces, 0);
    plusBias(pieces, bias.data);
    for (let unit = 0; unit < units; unit++) {
      let largest = -Infinity;
      for (let k = unit; k < pieces.length; k += units) largest = Math.max(largest, pieces[k]);
      result[number * units + unit] = largest;
    }
  });
  return result;
});

layer("highway", (node, [x]) => {
  const w = node.weights, units = w.carry_bias.data.length;
  const transform = new Float64Array(units), carry = new Float64Array(units);
  const apply = activationOf(node.attributes.activation);
  const result = new Float32Array(x.data.length);
  eachRow(node, x, units, (row, number) => {
    multiply(row, w.transform_kernel, transform, 0);
    multiply(row, w.carry_kernel, carry, 0);
    apply(plusBias(transform, w.transform_bias.data));
    plusBias(carry, w.carry_bias.data);
    for (let k = 0; k < units; k++) {
      const gate = sigmoid(carry[k]), place = number * units + k;
      result[place] = gate * transform[k] + (1 - gate) * x.data[place];
    }
  });
  return result;
});
