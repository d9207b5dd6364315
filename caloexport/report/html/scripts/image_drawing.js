/** Draw a grid of numbers as SVG: reference, generated, and how they differ. */
import { axis, written } from "./axis.js";
import { css, differenceColour, energyColour } from "./colour_map.js";
import { gridCells } from "./grid_cells.js";
import { round, svg } from "./svg.js";
import { isDark } from "./theme.js";

const WIDTH = 360;
const HEIGHT = 250;
const LEFT = 46;
const RIGHT = 286;
const TOP = 26;
const BOTTOM = 208;
const BAR = 298;
const REACH = [0.05, 0.1, 0.2, 0.5, 1];
const DYNAMIC_RANGE = 1e-4;

/** Return three drawings of a grid; rows are along y. */
export function drawImages(panel) {
  const { reference, generated, label, span, notes } = panel;
  const [scale, colour] = span === null ? energies(panel) : signed(-span, span);
  const values = comparisonOf(panel);
  const usual = span === null ? 1 : 0;
  const far = values.flat().filter(Number.isFinite).map((one) => Math.abs(one - usual));
  far.sort((a, b) => a - b);
  const wanted = far.length ? far[Math.floor(0.9 * (far.length - 1))] : 1;
  const reach = REACH.find((step) => step >= wanted) ?? 1;
  const [near, difference] = signed(usual - reach, usual + reach);
  const name = span === null ? "generated / reference" : "generated − reference";
  return [
    draw(panel, reference.values, "reference", scale, colour, label),
    draw(panel, generated.values, "generated", scale, colour, label),
    draw(panel, values, name, near, difference, panel.below, notes.join("; ")),
  ];
}

/** Return how both samples differ in each cell of a grid; NaN where one has no number. */
export function comparisonOf({ span, comparison, reference, generated }) {
  if (span === null) return comparison;
  return generated.values.map((row, j) => row.map((found, i) => {
    const usual = reference.values[j][i];
    return found === null || usual === null ? NaN : found - usual;
  }));
}

/** Return scale and colours of energies. */
function energies({ reference, generated }) {
  const all = [...reference.values.flat(), ...generated.values.flat()].filter(Number.isFinite);
  const high = Math.max(...all);
  const least = Math.min(...all.filter((one) => one > 0));
  const low = Math.max(Number.isFinite(least) ? least : high, DYNAMIC_RANGE * high);
  const scale = axis(low, high > low ? high : low * 10, 0, 1, true);
  return [scale, (value) => energyColour(scale.place(Math.max(value, low)), isDark())];
}

/** Return scale and colours of numbers on either side of the middle. */
function signed(low, high) {
  const scale = axis(low, high, 0, 1);
  return [scale, (value) => differenceColour(2 * scale.place(value) - 1)];
}

function draw(panel, rows, name, scale, colour, label, note = "") {
  const title = `${panel.title}: ${name}`;
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "drawing",
    "aria-label": `${title}, ${panel.x_label} and ${panel.y_label}`,
  });
  const x = axis(panel.x[0], panel.x.at(-1), LEFT, RIGHT);
  const y = axis(panel.y[0], panel.y.at(-1), BOTTOM, TOP);
  drawing.append(svg("text", { x: LEFT, y: 16, class: "title" }, title));
  const cells = gridCells(rows, [panel.x.map(x.place), panel.y.map(y.place)], colour);
  drawing.append(cells, svg("rect", {
    x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP, class: "frame",
  }));
  if (note) drawing.append(svg("text", { x: LEFT, y: HEIGHT - 8, class: "note" }, note));
  drawing.append(ticks(x, y, panel), bar(scale, colour, label));
  return drawing;
}

function ticks(x, y, panel) {
  const group = svg("g", { class: "ticks" });
  for (const tick of x.ticks(6)) {
    const at = round(x.place(tick));
    group.append(svg("text", { x: at, y: BOTTOM + 14, "text-anchor": "middle" }, written(tick)));
  }
  for (const tick of y.ticks(5)) {
    const at = round(y.place(tick)) + 3.5;
    group.append(svg("text", { x: LEFT - 5, y: at, "text-anchor": "end" }, written(tick)));
  }
  const middle = (TOP + BOTTOM) / 2;
  group.append(
    svg("text", { x: RIGHT, y: HEIGHT - 8, "text-anchor": "end", class: "label" }, panel.x_label),
    svg("text", {
      x: 12, y: middle, "text-anchor": "middle", class: "label",
      transform: `rotate(-90 12 ${middle})`,
    }, panel.y_label),
  );
  return group;
}

function bar(scale, colour, label) {
  const group = svg("g", { class: "ticks" });
  const y = axis(scale.low, scale.high, BOTTOM, TOP, scale.log);
  const steps = 48;
  for (let k = 0; k < steps; k++) {
    const part = (k + 0.5) / steps;
    const value = scale.log
      ? scale.low * (scale.high / scale.low) ** part : scale.low + part * (scale.high - scale.low);
    const height = (BOTTOM - TOP) / steps;
    group.append(svg("rect", {
      x: BAR, y: round(BOTTOM - (k + 1) * height), width: 9, height: round(height + 0.6),
      fill: css(colour(value)), class: "shade",
    }));
  }
  for (const tick of y.ticks(5)) {
    group.append(svg("text", { x: BAR + 13, y: round(y.place(tick)) + 3.5 }, written(tick, 3)));
  }
  const middle = (TOP + BOTTOM) / 2;
  group.append(svg("text", {
    x: WIDTH - 6, y: middle, "text-anchor": "middle", class: "label",
    transform: `rotate(-90 ${WIDTH - 6} ${middle})`,
  }, label));
  return group;
}
