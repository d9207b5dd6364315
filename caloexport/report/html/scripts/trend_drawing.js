/** The law of the reference's points: solid where it was fitted, dashed where it goes on. */
import { pathOf, round, svg } from "./svg.js";

/** Return the range that the generator was trained on, from one height to another. */
export function shadeTrained({ shaded }, x, top, bottom, [left, right]) {
  if (!shaded) return [];
  const [from, to] = shaded.map((end) => Math.max(left, Math.min(right, x.place(end))));
  return [svg("rect", {
    x: round(from), y: top, width: round(to - from), height: bottom - top, class: "trained",
  })];
}

/** Return the curve with the band of its error; `height` turns a number into a place. */
export function trendOf({ x: at, values, errors, low, high }, x, height) {
  const points = at.map((place, k) => ({
    x: x.place(place), value: values[k], error: errors[k] ?? 0,
    part: values[k] === null ? null : place <= low ? 0 : place < high ? 1 : 2,
  }));
  return [0, 1, 2].flatMap((part) => {
    const here = points.filter((point) => point.part === part);
    if (here.length < 2) return [];
    const line = here.map((point) => [point.x, height(point.value)]);
    const curve = svg("path", {
      d: pathOf(line), class: part === 1 ? "reference" : "reference dashed",
    });
    if (part === 1) return [curve];
    const edge = (sign) => here.map((point) => [point.x, height(point.value + sign * point.error)]);
    return [svg("path", { d: `${pathOf([...edge(1), ...edge(-1).reverse()])}Z`, class: "spread" }),
      curve];
  });
}
