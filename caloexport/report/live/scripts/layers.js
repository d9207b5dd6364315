/**
 * Layer kinds that the evaluator has. A kind is a function (node, inputs) -> Float32Array. A value
 * is {data, shape} without batch axis, in C order; node.shape is that of the result.
 */

export const layers = new Map();

/** Register a kind. */
export function layer(kind, evaluate) {
  layers.set(kind, evaluate);
}
