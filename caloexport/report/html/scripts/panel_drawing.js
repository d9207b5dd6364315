/** Draw a panel of two samples as SVG: both over an axis, and how they differ below. */
import { axis, written } from "./axis.js";
import { comparison, reachOf } from "./comparison.js";
import { pathOf, round, svg } from "./svg.js";
import { shadeTrained, trendOf } from "./trend_drawing.js";

const WIDTH = 360;
const HEIGHT = 306;
const LEFT = 58;
const RIGHT = 348;
const TOP = 26;
const MIDDLE = 196; // lower end of the upper panel
const BELOW = 204; // upper end of the lower one
const BOTTOM = 264;
const NOTE = 58; // letters that are as wide as a panel

/** Return the drawing of a panel; `label` is for who cannot see it. */
export function drawPanel(panel, label) {
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "drawing",
  });
  const places = placesOf(panel);
  const x = horizontal(panel, places);
  const y = vertical(panel);
  drawing.append(svg("text", { x: LEFT, y: 16, class: "title" }, panel.title));
  if (panel.trend) {
    drawing.append(...[[TOP, MIDDLE], [BELOW, BOTTOM]].flatMap(([top, bottom]) => (
      shadeTrained(panel.trend, x, top, bottom, [LEFT, RIGHT]))));
  }
  drawing.append(frame(TOP, MIDDLE), frame(BELOW, BOTTOM));
  drawing.append(drawTicks(x, y, panel));
  if (panel.binned) drawBins(drawing, panel, places, x, y);
  else drawPoints(drawing, panel, places, x, y);
  drawBelow(drawing, panel, places, x);
  drawNotes(drawing, panel.notes);
  drawing.append(readings(panel, places, x));
  return drawing;
}

/** Return left and right end and the centre of each bin or point; a log axis cannot begin at 0. */
function placesOf({ x, binned, log_x: log }) {
  if (!binned) return x.map((at) => ({ from: at, to: at, at }));
  return x.slice(1).map((to, k) => {
    const from = log && x[k] <= 0 ? to / 2 : x[k];
    return { from, to, at: log ? Math.sqrt(from * to) : (from + to) / 2 };
  });
}

function horizontal({ binned, log_x: log, trend }, places) {
  let [low, high] = [places[0].from, places.at(-1).to];
  if (trend) [low, high] = [trend.x[0], trend.x.at(-1)];
  else if (!binned && log) [low, high] = [Math.min(...places.map((p) => p.at)) / 1.6,
    Math.max(...places.map((p) => p.at)) * 1.6];
  if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
  return axis(low, high, LEFT, RIGHT, log);
}

function vertical({ binned, below, log_y: log, reference, generated, trend, notes }) {
  const values = [...reference.values, ...generated.values, ...trend?.values ?? []]
    .filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const from = MIDDLE;
  if (!values.length) return axis(0, 1, from, TOP);
  if (log && high > 0) {
    const least = Math.max(Math.min(...values.filter((one) => one > 0)) / 1.6, high * 1e-6);
    return axis(least, high * (binned ? 6 : 2.5), from, TOP, true);
  }
  if (below === "ratio" && binned && low >= 0) {
    return axis(0, high > 0 ? 1.32 * high : 1, from, TOP);
  }
  const room = high > low ? 0.18 * (high - low) : Math.max(Math.abs(high), 1e-9) * 0.1;
  return axis(low - room, high + (notes.length < 3 ? 1.9 : 3.2) * room, from, TOP);
}

function frame(top, bottom) {
  return svg("rect", {
    x: LEFT, y: top, width: RIGHT - LEFT, height: bottom - top, class: "frame",
  });
}

function drawTicks(x, y, panel) {
  const group = svg("g", { class: "ticks" });
  const add = (x1, y1, x2, y2) => group.append(svg("line", { x1, y1, x2, y2 }));
  for (const tick of x.ticks(5)) {
    const at = round(x.place(tick));
    for (const bottom of [MIDDLE, BOTTOM]) add(at, bottom, at, bottom - 4);
    const text = svg("text", { x: at, y: BOTTOM + 14, "text-anchor": "middle" }, written(tick));
    group.append(text);
  }
  for (const tick of y.ticks(5)) {
    const at = round(y.place(tick));
    add(LEFT, at, LEFT + 4, at);
    const text = written(tick);
    group.append(svg("text", { x: LEFT - 6, y: at + 3.5, "text-anchor": "end" }, text));
  }
  const middle = (TOP + MIDDLE) / 2;
  group.append(
    svg("text", { x: RIGHT, y: HEIGHT - 10, "text-anchor": "end", class: "label" }, panel.x_label),
    svg("text", {
      x: 12, y: middle, "text-anchor": "middle", class: "label",
      transform: `rotate(-90 12 ${middle})`,
    }, panel.y_label),
    svg("text", {
      x: 12, y: (BELOW + BOTTOM) / 2, "text-anchor": "middle", class: "label",
      transform: `rotate(-90 12 ${(BELOW + BOTTOM) / 2})`,
    }, panel.below),
  );
  return group;
}

/** Return the outline of steps, at the values plus so many errors. */
function steps(places, values, x, height) {
  return places.flatMap(({ from, to }, k) => {
    const at = values[k] === null ? NaN : height(values[k]);
    return [[x.place(from), at], [x.place(to), at]];
  });
}

function drawBins(drawing, panel, places, x, y) {
  const { reference } = panel;
  const height = (value) => clamped(y, value);
  const line = steps(places, reference.values, x, height);
  if (panel.below === "ratio") {
    const sound = line.map(([px, py]) => [px, Number.isFinite(py) ? py : MIDDLE]);
    const shape = [[sound[0][0], MIDDLE], ...sound, [sound.at(-1)[0], MIDDLE]];
    drawing.append(svg("path", { d: pathOf(shape), class: "fill" }));
  }
  drawing.append(band(reference.values, reference.errors, places, x, height));
  drawing.append(svg("path", { d: pathOf(line), class: "reference" }));
  drawMarks(drawing, panel, places, x, y);
}

function band(values, errors, places, x, height) {
  const group = svg("g", { class: "band" });
  places.forEach(({ from, to }, k) => {
    if (!Number.isFinite(values[k]) || !(errors[k] > 0)) return;
    const [top, bottom] = [height(values[k] + errors[k]), height(values[k] - errors[k])];
    const [left, right] = [x.place(from), x.place(to)];
    group.append(svg("rect", {
      x: round(left), y: round(top), width: round(right - left), height: round(bottom - top),
    }));
  });
  return group;
}

/** Points of the generated sample with their errors. */
function drawMarks(drawing, panel, places, x, y) {
  const { values, errors } = panel.generated;
  const group = svg("g", { class: "generated" });
  places.forEach(({ at }, k) => {
    const value = values[k];
    if (!Number.isFinite(value) || (y.log && !(value > 0))) return;
    const [px, py] = [round(x.place(at)), round(clamped(y, value))];
    const [top, bottom] = [value + errors[k], value - errors[k]].map((one) => clamped(y, one));
    group.append(svg("line", { x1: px, x2: px, y1: round(top), y2: round(bottom) }));
    group.append(mark(panel, k, px, py));
  });
  drawing.append(group);
}

/** A point, hollow where the reference has none. */
function mark({ trend, reference }, k, cx, cy) {
  const alone = trend && reference.values[k] === null;
  return svg("circle", { cx, cy, r: alone ? 2.6 : 2.1, class: alone ? "alone" : undefined });
}

function drawPoints(drawing, panel, places, x, y) {
  const { values, errors } = panel.reference;
  const group = svg("g", { class: "reference" });
  places.forEach(({ at }, k) => {
    if (!Number.isFinite(values[k])) return;
    const [px, py] = [round(x.place(at)), round(clamped(y, values[k]))];
    const [top, bottom] = [values[k] + errors[k], values[k] - errors[k]].map((v) => clamped(y, v));
    group.append(svg("line", { x1: px, x2: px, y1: round(top), y2: round(bottom) }));
    group.append(svg("rect", { x: px - 3.5, y: py - 3.5, width: 7, height: 7 }));
  });
  drawing.append(group);
  if (panel.trend) drawing.append(...trendOf(panel.trend, x, (value) => clamped(y, value)));
  if (panel.curves) {
    const [at, usual, found] = panel.curves;
    for (const [values, name] of [[usual, "reference"], [found, "generated dashed"]]) {
      const points = values.map((value, k) => [x.place(at[k]), clamped(y, value)]);
      drawing.append(svg("path", { d: pathOf(points), class: name }));
    }
  }
  drawMarks(drawing, panel, places, x, y);
}

function clamped(y, value) {
  if (y.log && !(value > 0)) return MIDDLE;
  return Math.max(TOP, Math.min(MIDDLE, y.place(value)));
}

function drawBelow(drawing, panel, places, x) {
  const points = comparison(panel);
  const usual = panel.below === "ratio" ? 1 : 0;
  const reach = reachOf(points, panel.below);
  const y = axis(usual - reach, usual + reach, BOTTOM, BELOW);
  const inside = (value) => Math.max(BELOW, Math.min(BOTTOM, y.place(value)));
  const ticks = svg("g", { class: "ticks" });
  for (const tick of [usual - reach / 2, usual, usual + reach / 2]) {
    const at = round(y.place(tick));
    const kind = tick === usual ? "usual" : "grid";
    ticks.append(svg("line", { x1: LEFT, x2: RIGHT, y1: at, y2: at, class: kind }));
    ticks.append(svg("text", { x: LEFT - 6, y: at + 3.5, "text-anchor": "end" }, written(tick)));
  }
  drawing.append(ticks);
  const errors = points.map((point) => point.band);
  if (panel.binned) drawing.append(band(points.map(() => usual), errors, places, x, inside));
  else drawing.append(bars(errors, usual, places, x, inside));
  const group = svg("g", { class: "generated" });
  points.forEach(({ value, error }, k) => {
    if (!Number.isFinite(value)) return;
    const px = round(x.place(places[k].at));
    if (Math.abs(value - usual) > reach) {
      group.append(arrow(px, value > usual));
      return;
    }
    const [y1, y2] = [value + error, value - error].map((one) => round(inside(one)));
    group.append(svg("line", { x1: px, x2: px, y1, y2 }));
    group.append(mark(panel, k, px, round(y.place(value))));
  });
  drawing.append(group);
}

function bars(errors, usual, places, x, inside) {
  const group = svg("g", { class: "band" });
  errors.forEach((error, k) => {
    if (!(error > 0)) return;
    const [top, bottom] = [inside(usual + error), inside(usual - error)];
    const left = round(x.place(places[k].at) - 3);
    group.append(svg("rect", { x: left, y: round(top), width: 6, height: round(bottom - top) }));
  });
  return group;
}

/** Point at what lies outside of the lower panel. */
function arrow(x, up) {
  const [tip, foot] = up ? [BELOW + 2, BELOW + 8] : [BOTTOM - 2, BOTTOM - 8];
  return svg("path", { d: `M${x} ${tip}L${x - 3.5} ${foot}L${x + 3.5} ${foot}Z` });
}

function drawNotes(drawing, notes) {
  notes.forEach((note, k) => {
    const place = { x: RIGHT - 7, y: TOP + 15 + 13 * k, "text-anchor": "end", class: "note" };
    const fitted = { textLength: RIGHT - LEFT - 14, lengthAdjust: "spacingAndGlyphs" };
    drawing.append(svg("text", note.length > NOTE ? { ...place, ...fitted } : place, note));
  });
}

/** Return areas that tell the numbers of a bin when the mouse rests there. */
function readings({ reference, generated }, places, x) {
  const group = svg("g", { class: "readings", "aria-hidden": "true" });
  const number = ({ values, errors }, k) => `${written(values[k])} ± ${written(errors[k], 2)}`;
  places.forEach(({ from, to, at }, k) => {
    const wide = to > from;
    const [left, right] = wide ? [x.place(from), x.place(to)] : [x.place(at) - 5, x.place(at) + 5];
    const where = wide ? `${written(from)} to ${written(to)}` : written(at);
    const text = `${where}\nreference ${number(reference, k)}\ngenerated ${number(generated, k)}`;
    const area = { x: round(left), y: TOP, width: round(right - left), height: BOTTOM - TOP };
    group.append(svg("rect", area, svg("title", {}, text)));
  });
  return group;
}
