/** Layers that combine inputs cell by cell, or the cells of one input. */
import { f32 } from "./float32.js";
import { layer } from "./layers.js";
import { dot, sizeOf, stridesOf, walk } from "./shapes.js";

/** Return the kind that combines cell by cell; what has size 1 along an axis is repeated. */
function combination(operation) {
  return (node, inputs) => {
    const steps = inputs.map(({ shape }) =>
      stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride)));
    const result = new Float32Array(sizeOf(node.shape));
    walk(node.shape, (position, number) => {
      const values = inputs.map(({ data }, k) => data[dot(position, steps[k])]);
      result[number] = values.reduce(operation);
    });
    return result;
  };
}

layer("add", combination((a, b) => f32(a + b)));
layer("subtract", combination((a, b) => f32(a - b)));
layer("multiply", combination((a, b) => f32(a * b)));
layer("divide", combination((a, b) => f32(a / b)));
layer("maximum", combination((a, b) => Math.max(a, b)));
layer("minimum", combination((a, b) => Math.min(a, b)));

const REDUCTIONS = {
  sum: (a, b) => a + b,
  mean: (a, b) => a + b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
};

layer("reduce", (node, [x]) => {
  const { axes, function: name } = node.attributes, combine = REDUCTIONS[name];
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const steps = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const sums = new Array(sizeOf(kept));
  walk(x.shape, (position, number) => {
    const cell = dot(position, steps), value = x.data[number];
    sums[cell] = cell in sums ? combine(sums[cell], value) : value;
  });
  const count = name === "mean" ? x.data.length / sums.length : 1;
  return Float32Array.from(sums, (sum) => sum / count);
});
