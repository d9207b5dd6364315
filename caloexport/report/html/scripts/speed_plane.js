/** Draw generators in the plane of a number and the time for a shower (`speed_plane.py`). */
import { axis, written } from "./axis.js";
import { html, round, svg } from "./svg.js";

const WIDTH = 560;
const HEIGHT = 380;
const LEFT = 62;
const RIGHT = 548;
const TOP = 14;
const BOTTOM = 330;
const STAR = 10; // outer radius

/** Return the drawing of a plane. */
export function drawPlane(plane) {
  const label = `${plane.y_label} over ${plane.x_label}: published models, and what was compared`;
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "drawing",
  });
  const x = axis(...plane.x_limits, LEFT, RIGHT, true);
  const y = axis(...plane.y_limits, BOTTOM, TOP, plane.log_y);
  const height = (value) => round(y.place(Math.min(Math.max(value, y.low), y.high)));
  const box = { x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP };
  drawing.append(svg("rect", { ...box, class: "frame" }), ticks(plane, x, y));
  if (plane.geant4) drawing.append(floor(plane.geant4, height));
  const [timed, others] = [true, false].map((one) => plane.ours.filter(
    (point) => (point.cpu_ms !== null) === one));
  drawing.append(...others.map((point) => ours(point, null, height)));
  plane.published.forEach((point, k) => {
    drawing.append(mark(point, k + 1, round(x.place(point.cpu_ms)), height(point.value)));
  });
  drawing.append(...timed.map((point) => ours(point, round(x.place(point.cpu_ms)), height)));
  return drawing;
}

/** Return the names behind the numbers of the drawing. */
export function planeKey(plane) {
  const rows = plane.ours.map(({ name, cpu_ms: ms }) => (
    html("li", { class: ms === null ? "ours untimed" : "ours" }, name)));
  if (plane.geant4) rows.push(html("li", { class: "floor" }, plane.geant4.name));
  const models = plane.published.map(({ name, family }) => (
    html("li", {}, name, html("span", { class: "note" }, family && ` ${family}`))));
  return html("div", { class: "plane-key" },
    html("ul", {}, ...rows), html("ol", {}, ...models));
}

/** Return the numbers as a table. */
export function planeTable(plane) {
  const head = ["model", "family", plane.y_label, "±", plane.x_label];
  const every = [...plane.ours, ...(plane.geant4 ? [plane.geant4] : []), ...plane.published];
  const rows = every.map(({ name, family, value, error, cpu_ms: ms }) => (
    [name, family, written(value), written(error, 2), written(ms)]));
  const line = (cells, kind) => html("tr", {}, ...cells.map((text) => html(kind, {}, text)));
  const table = html("table", { class: "numbers" },
    html("thead", {}, line(head, "th")), html("tbody", {}, ...rows.map((row) => line(row, "td"))));
  const box = { class: "scroll", tabindex: "0", role: "region", "aria-label": plane.title };
  return html("div", box, table);
}

function ticks(plane, x, y) {
  const group = svg("g", { class: "ticks" });
  for (const tick of x.ticks(7)) {
    const at = round(x.place(tick));
    group.append(svg("line", { x1: at, x2: at, y1: BOTTOM, y2: BOTTOM - 4 }),
      svg("text", { x: at, y: BOTTOM + 15, "text-anchor": "middle" }, written(tick)));
  }
  for (const tick of y.ticks(6)) {
    const at = round(y.place(tick));
    group.append(svg("line", { x1: LEFT, x2: LEFT + 4, y1: at, y2: at }),
      svg("text", { x: LEFT - 6, y: at + 3.5, "text-anchor": "end" }, written(tick)));
  }
  const middle = (TOP + BOTTOM) / 2;
  group.append(
    svg("text", { x: RIGHT, y: HEIGHT - 14, "text-anchor": "end", class: "label" }, plane.x_label),
    svg("text", {
      x: 12, y: middle, "text-anchor": "middle", class: "label",
      transform: `rotate(-90 12 ${middle})`,
    }, plane.y_label));
  return group;
}

/** What Geant4 has against itself, which takes no part in the race for time. */
function floor({ name, value, error }, height) {
  const [top, bottom] = [height(value + (error ?? 0)), height(value - (error ?? 0))];
  const place = { x: LEFT, y: top, width: RIGHT - LEFT, height: round(Math.max(bottom - top, 1)) };
  return svg("g", { class: "plane-floor" },
    svg("rect", place), svg("title", {}, `${name}: ${number(value, error)}`));
}

function mark(point, rank, px, py) {
  const text = `${point.name}: ${number(point.value, point.error)}, ${written(point.cpu_ms)} ms`;
  return svg("g", { class: "plane-mark" },
    svg("circle", { cx: px, cy: py, r: 8.5 }),
    svg("text", { x: px, y: py + 3.2, "text-anchor": "middle" }, String(rank)),
    svg("title", {}, text));
}

/** A star with its error; a dashed line at all times where the time is not known. */
function ours(point, px, height) {
  const { name, value, error } = point;
  const py = height(value);
  const title = svg("title", {}, `${name}: ${number(value, error)}`);
  const group = svg("g", { class: "plane-ours" }, title);
  if (px === null) {
    group.append(svg("line", { x1: LEFT, x2: RIGHT, y1: py, y2: py, class: "dashed" }));
    return group;
  }
  const [y1, y2] = [value + (error ?? 0), value - (error ?? 0)].map(height);
  const corners = Array.from({ length: 10 }, (_, k) => {
    const [angle, radius] = [(Math.PI / 5) * k, k % 2 ? STAR * 0.42 : STAR];
    return `${round(px + radius * Math.sin(angle))},${round(py - radius * Math.cos(angle))}`;
  });
  group.append(svg("line", { x1: px, x2: px, y1, y2 }));
  group.append(svg("polygon", { points: corners.join(" ") }));
  return group;
}

function number(value, error) {
  return error === null ? written(value) : `${written(value)} ± ${written(error, 2)}`;
}
