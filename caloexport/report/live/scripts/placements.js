/** Layers that put values elsewhere, and compute nothing. */
import { layer } from "./layers.js";
import { dot, sizeOf, stridesOf, walk } from "./shapes.js";

layer("dropout", (node, [x]) => x.data);
layer("reshape", (node, [x]) => x.data);

/** Return the values of the input's cells with the numbers source(position). */
function taken(node, input, source) {
  const result = new Float32Array(sizeOf(node.shape));
  walk(node.shape, (position, number) => (result[number] = input.data[source(position)]));
  return result;
}

layer("concatenate", (node, inputs) => {
  const axis = node.attributes.axis ?? node.shape.length - 1;
  const after = sizeOf(node.shape.slice(axis + 1)), row = node.shape[axis] * after;
  const result = new Float32Array(sizeOf(node.shape));
  let start = 0;
  for (const { data, shape } of inputs) {
    const width = shape[axis] * after;
    for (let from = 0, to = start; from < data.length; from += width, to += row) {
      result.set(data.subarray(from, from + width), to);
    }
    start += width;
  }
  return result;
});

layer("slice", (node, [x]) => {
  const { axis, start, step } = node.attributes, strides = stridesOf(x.shape);
  const first = start * strides[axis];
  strides[axis] *= step;
  return taken(node, x, (position) => first + dot(position, strides));
});

layer("permute", (node, [x]) => {
  const strides = stridesOf(x.shape), steps = node.attributes.order.map((axis) => strides[axis]);
  return taken(node, x, (position) => dot(position, steps));
});

layer("upsample", (node, [x]) => {
  const strides = stridesOf(x.shape), { factors } = node.attributes;
  return taken(node, x, (position) =>
    strides.reduce((sum, stride, k) => sum + stride * Math.floor(position[k] / factors[k]), 0));
});

layer("pad", (node, [x]) => {
  const { padding, value = 0 } = node.attributes, strides = stridesOf(node.shape);
  const first = dot(padding.map(([before]) => before), strides);
  const result = new Float32Array(sizeOf(node.shape)).fill(value);
  walk(x.shape, (position, number) => (result[first + dot(position, strides)] = x.data[number]));
  return result;
});

layer("embedding", (node, [x]) => {
  const { data, shape } = node.weights.table, { column } = node.attributes;
  const units = x.shape.at(-1), rows = [];
  for (let start = 0; start < x.data.length; start += units) {
    const row = x.data.subarray(start, start + units), entry = row[column] * shape[1];
    rows.push(...row.subarray(0, column), ...data.subarray(entry, entry + shape[1]));
    rows.push(...row.subarray(column + 1));
  }
  return Float32Array.from(rows);
});
