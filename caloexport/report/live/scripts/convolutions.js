/**
 * Convolutions in one to three dimensions. The kernel is a matrix as of products.js: of `conv` a
 * row for each output, with all taps and channels, of `conv_transpose` one for each tap and output.
 */
import { layer } from "./layers.js";
import { eachRow, multiply, plusBias } from "./products.js";
import { seenBy } from "./roundings.js";
import { dot, sizeOf, stridesOf, walk } from "./shapes.js";

/** Call visit(place in the window along each axis, number of the tap) for every tap. */
function eachTap({ sizes, dilation }, visit) {
  walk(sizes, (tap, number) => visit(tap.map((t, axis) => t * dilation[axis]), number));
}

layer("conv", (node, [x]) => {
  const { kernel, bias } = node.weights, { strides, padding, groups } = node.attributes;
  const spatial = x.shape.slice(0, -1), channels = x.shape.at(-1), steps = stridesOf(x.shape);
  const taps = sizeOf(node.attributes.sizes), units = node.shape.at(-1);
  const inner = channels / groups, outer = units / groups;
  const window = new Float64Array(taps * channels), part = new Float64Array(taps * inner);
  const seen = seenBy(node.rounding);
  const result = new Float64Array(sizeOf(node.shape));
  walk(node.shape.slice(0, -1), (position, number) => {
    eachTap(node.attributes, (offset, tap) => {
      const cell = offset.map((o, axis) => position[axis] * strides[axis] + o - padding[axis][0]);
      const inside = cell.every((c, axis) => c >= 0 && c < spatial[axis]), at = dot(cell, steps);
      for (let channel = 0; channel < channels; channel++) {
        window[tap * channels + channel] = inside ? x.data[at + channel] : 0;
      }
    });
    const row = seen(window);
    for (let group = 0; group < groups; group++) {
      for (let tap = 0; tap < taps; tap++) {
        const from = tap * channels + group * inner;
        part.set(row.subarray(from, from + inner), tap * inner);
      }
      const first = group * outer;
      multiply(part, kernel, result, number * units + first, first, first + outer);
    }
  });
  return Float32Array.from(plusBias(result, bias.data));
});

layer("conv_transpose", (node, [x]) => {
  const { kernel, bias } = node.weights, { strides, crop } = node.attributes;
  const spatial = x.shape.slice(0, -1), units = node.shape.at(-1), steps = stridesOf(node.shape);
  const spread = new Float64Array(kernel.shape[0]), result = new Float64Array(sizeOf(node.shape));
  const places = [];
  walk(spatial, (position) => places.push([...position]));
  eachRow(node, x, x.shape.at(-1), (row, number) => {
    multiply(row, kernel, spread, 0);
    eachTap(node.attributes, (offset, tap) => {
      const place = places[number];
      const cell = offset.map((o, axis) => place[axis] * strides[axis] + o - crop[axis][0]);
      if (!cell.every((c, axis) => c >= 0 && c < node.shape[axis])) return;
      const at = dot(cell, steps);
      for (let unit = 0; unit < units; unit++) result[at + unit] += spread[tap * units + unit];
    });
  });
  return Float32Array.from(plusBias(result, bias.data));
});
