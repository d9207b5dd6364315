/**
 * Activations, after runtime/activations: `activation` registers a function of one unit,
 * `vectorActivation` one that changes all units of a position in place. Both get the constants of
 * the layer; a trained parameter comes as a function of the unit's number.
 */
import { layer } from "./layers.js";

const activations = new Map();

function activation(name, make) {
  activations.set(name, (parameters) => {
    const one = make(parameters);
    return (row) => {
      for (let unit = 0; unit < row.length; unit++) row[unit] = one(row[unit], unit);
    };
  });
}

function vectorActivation(name, make) {
  activations.set(name, make);
}

/** Return 1/(1 + e^-x), without overflow. */
export function sigmoid(x) {
  const e = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

function hardSigmoid(x, slope) {
  return Math.min(Math.max(slope * x + 0.5, 0), 1);
}

/** Return erfc x with a relative error below 1.2e-7 (Numerical Recipes, "erfcc"). */
function complementaryError(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const powers = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
    0.37409196, 1.00002368, -1.26551223,
  ].reduce((sum, coefficient) => sum * t + coefficient);
  const tail = t * Math.exp(-x * x + powers);
  return x >= 0 ? tail : 2 - tail;
}

activation("abs", () => Math.abs);
activation("celu", ({ alpha }) => (x) => (x >= 0 ? x : alpha * Math.expm1(x / alpha)));
activation("clip", ({ minimum = -Infinity, maximum = Infinity }) => (x) =>
  Math.min(Math.max(x, minimum), maximum));
activation("cos", () => Math.cos);
activation("elu", ({ alpha }) => (x) => (x >= 0 ? x : alpha * Math.expm1(x)));
activation("erf", () => (x) => 1 - complementaryError(x));
activation("exponential", () => Math.exp);
activation("gelu", ({ approximate }) => approximate
  ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
  : (x) => 0.5 * x * complementaryError(-x * Math.SQRT1_2));
activation("hard_shrink", ({ threshold }) => (x) => (Math.abs(x) <= threshold ? 0 : x));
activation("hard_sigmoid", ({ slope }) => (x) => hardSigmoid(x, slope));
activation("hard_swish", () => (x) => x * hardSigmoid(x, 1 / 6));
activation("leaky_relu", ({ negative_slope }) => (x) => (x > 0 ? x : negative_slope * x));
activation("linear", () => (x) => x);
activation("log", () => Math.log);
activation("log_sigmoid", () => (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))));
activation("mish", () => (x) => {
  const e = Math.exp(-Math.abs(x)), part = x < 0 ? e * (e + 2) : 1 + 2 * e;
  return x * (part / (part + (x < 0 ? 2 : 2 * e * e)));
});
activation("prelu", ({ alpha }) => (x, unit) => (x < 0 ? alpha(unit) * x : x));
activation("reciprocal", () => (x) => 1 / x);
activation("relu", ({ negative_slope, threshold, max_value = Infinity }) => (x) => {
  const below = negative_slope ? negative_slope * (x - threshold) : 0;
  return Math.min(x < threshold ? below : x, max_value);
});
activation("rsqrt", () => (x) => 1 / Math.sqrt(x));
activation("selu", () => (x) =>
  1.0507009873554805 * (x >= 0 ? x : 1.6732632423543772 * Math.expm1(x)));
activation("sigmoid", () => sigmoid);
activation("sin", () => Math.sin);
activation("soft_shrink", ({ threshold }) => (x) =>
  x > threshold ? x - threshold : x < -threshold ? x + threshold : x - x);
activation("softplus", () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
activation("softsign", () => (x) => x / (1 + Math.abs(x)));
activation("sparse_plus", () => (x) =>
  x >= 1 ? x : (Math.min(Math.max(x, -1), 1) + 1) ** 2 / 4);
activation("sqrt", () => Math.sqrt);
activation("square", () => (x) => x * x);
activation("squareplus", ({ b }) => (x) =>
  b ? Math.max(x, 0) + b / 2 / (Math.abs(x) + Math.hypot(x, Math.sqrt(b))) : Math.max(x, 0));
activation("swish", ({ beta }) => (x, unit) => x * sigmoid(beta(unit) * x));
activation("tanh", () => Math.tanh);
// near 0, where the difference cancels, the first terms of its series
activation("tanh_shrink", () => (x) =>
  Math.abs(x) < 0.01 ? x ** 3 * (1 / 3 - (2 / 15) * x * x) : x - Math.tanh(x));
activation("threshold", ({ threshold, value }) => (x) => (x <= threshold ? value : x));

function softmax(row) {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k] = Math.exp(row[k] - largest);
  for (let k = 0; k < row.length; k++) row[k] /= sum;
}

vectorActivation("softmax", () => softmax);
vectorActivation("grouped_softmax", ({ groups }) => (row) => {
  let start = 0;
  for (const size of groups) softmax(row.subarray(start, (start += size)));
});
vectorActivation("log_softmax", () => (row) => {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = row.reduce((total, x) => total + Math.exp(x - largest), 0);
  for (let k = 0; k < row.length; k++) row[k] -= largest + Math.log(sum);
});

/**
 * Return the function of a row that a layer's attributes name. A trained parameter is a weight, one
 * for all units or one for each, or a number where the activation stands inside of another layer.
 */
export function activationOf({ function: name, constants, trained = {} }, weights = {}) {
  const parameters = { ...constants };
  for (const [key, number] of Object.entries(trained)) parameters[key] = () => number;
  for (const [key, { data }] of Object.entries(weights)) {
    parameters[key] = (unit) => data[data.length > 1 ? unit : 0];
  }
  return activations.get(name)(parameters);
}

layer("activation", (node, [x]) => {
  const units = x.shape.at(-1), row = new Float64Array(units);
  const apply = activationOf(node.attributes, node.weights);
  const result = new Float32Array(x.data.length);
  for (let start = 0; start < result.length; start += units) {
    row.set(x.data.subarray(start, start + units));
    apply(row);
    result.set(row, start);
  }
  return result;
});
