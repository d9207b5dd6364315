/** Normalizations over the last axis. */
import { layer } from "./layers.js";

layer("normalization", (node, [x]) => {
  const { scale, offset } = node.weights, units = scale.data.length;
  return x.data.map((value, k) => value * scale.data[k % units] + offset.data[k % units]);
});

layer("layer_normalization", (node, [x]) => {
  const { gamma, beta } = node.weights, units = gamma.data.length;
  const result = new Float32Array(x.data.length);
  for (let start = 0; start < result.length; start += units) {
    const row = Float64Array.from(x.data.subarray(start, start + units));
    const mean = node.attributes.rms ? 0 : row.reduce((a, b) => a + b) / units;
    const power = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / units;
    const factor = 1 / Math.sqrt(power + node.attributes.epsilon);
    row.forEach((value, k) => {
      result[start + k] = (value - mean) * factor * gamma.data[k] + beta.data[k];
    });
  }
  return result;
});
