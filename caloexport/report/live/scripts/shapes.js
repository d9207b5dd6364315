/** Shapes without batch axis, in C order: the last axis runs fastest. */

/** Return the number of values of a shape. */
export function sizeOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/** Return the steps between neighbours along each axis. */
export function stridesOf(shape) {
  const strides = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  }
  return strides;
}

/** Call visit(position, number) for every cell of a shape; the position is used again. */
export function walk(shape, visit) {
  const position = new Array(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let number = 0; number < size; number++) {
    visit(position, number);
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis] === shape[axis]; axis--) {
      position[axis] = 0;
    }
  }
}

/** Return the sum of products of two lists. */
export function dot(a, b) {
  return a.reduce((sum, x, k) => sum + x * b[k], 0);
}
