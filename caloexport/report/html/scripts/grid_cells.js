/** The cells of a grid as part of a drawing: shapes, or one picture where there are very many. */
import { written } from "./axis.js";
import { css } from "./colour_map.js";
import { round, svg } from "./svg.js";

const MOST_SHAPES = 600;

/**
 * Return cells in their colours; what is not a number has none.
 *
 * `rows` are along y, `edges` are places [x, y] on the drawing, evenly far apart where there are
 * many; `colour` turns a number into red, green and blue.
 */
export function gridCells(rows, edges, colour) {
  const many = rows.length * rows[0].length > MOST_SHAPES;
  return many ? picture(rows, edges, colour) : shapes(rows, edges, colour);
}

function shapes(rows, [x, y], colour) {
  const group = svg("g", { class: "cells" });
  rows.forEach((row, j) => row.forEach((value, i) => {
    const known = Number.isFinite(value);
    group.append(svg("rect", {
      x: round(x[i]), y: round(y[j + 1]),
      width: round(x[i + 1] - x[i]), height: round(y[j] - y[j + 1]),
      fill: known ? css(colour(value)) : undefined, class: known ? undefined : "unknown",
    }, svg("title", {}, written(value))));
  }));
  return group;
}

function picture(rows, [x, y], colour) {
  const [height, width] = [rows.length, rows[0].length];
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(width, height);
  rows.forEach((row, j) => row.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const first = 4 * ((height - 1 - j) * width + i);
    pixels.data.set([...colour(value).map(Math.round), 255], first);
  }));
  context.putImageData(pixels, 0, 0);
  const place = {
    x: round(x[0]), y: round(y.at(-1)), width: round(x.at(-1) - x[0]),
    height: round(y[0] - y.at(-1)),
  };
  const told = svg("title", {});
  const group = svg("g", { class: "cells" }, svg("rect", { ...place, class: "unknown" }),
    svg("image", {
      ...place, href: canvas.toDataURL(), preserveAspectRatio: "none",
      "image-rendering": "pixelated",
    }), told);
  group.addEventListener("mousemove", ({ clientX, clientY }) => {
    const box = group.getBoundingClientRect();
    const part = [(clientX - box.left) / box.width, (box.bottom - clientY) / box.height];
    const [i, j] = [[width, part[0]], [height, part[1]]].map(([most, at]) => (
      Math.max(0, Math.min(most - 1, Math.floor(most * at)))));
    told.textContent = `${i}, ${j}: ${written(rows[j][i])}`;
  });
  return group;
}
