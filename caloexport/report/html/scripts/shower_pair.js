/** Showers of both samples side by side: one camera, one scale of energies, step by step. */
import { written } from "./axis.js";
import { Camera } from "./camera.js";
import { energyLegend } from "./energy_legend.js";
import { EnergyScale } from "./energy_scale.js";
import { containedRadius } from "./mesh_geometry.js";
import { unpacked } from "./shower_data.js";
import { ShowerView } from "./shower_view.js";
import { html } from "./svg.js";
import { onTheme } from "./theme.js";

const SIDES = ["reference", "generated"];
const DECADES = 6; // below the highest energy, that the threshold can go
const FIRST = 3; // decades that are shown at first
const CONTAINED = { mm: 0.995, layers: 0.98 };

/** Fill a place with the display of pairs of showers. */
export function showerPair(place, { mesh, pairs }) {
  if (!pairs.length) return;
  const camera = new Camera();
  const scale = new EnergyScale(1, 1);
  const columns = SIDES.map((side) => {
    const canvas = html("canvas", { class: "shower" });
    const facts = html("p", { class: "facts" });
    const title = html("h3", { class: side }, side);
    return { side, facts, canvas, box: html("div", {}, title, canvas, facts) };
  });
  const legend = html("div", { class: "legend-place" });
  const views = columns.map(({ canvas }) => new ShowerView(canvas, mesh, camera, scale));
  const controls = controlsOf(pairs, camera);
  place.append(controls.row, html("div", { class: "pair" }, ...columns.map(({ box }) => box)),
    legend, html("p", { class: "hint" }, "Drag to rotate; arrow keys, + and − work too. Ctrl and "
      + "the wheel, or two fingers, zoom."));
  const redraw = () => {
    legend.replaceChildren(energyLegend(scale));
    views.forEach((view) => view.redraw());
  };
  const rescale = () => {
    scale.kind = controls.kind.value;
    scale.threshold = scale.highest * 10 ** Number(controls.threshold.value);
    const text = `${written(scale.threshold, 2)} MeV`;
    controls.threshold.setAttribute("aria-valuetext", text);
    controls.told.textContent = text;
    redraw();
  };
  const show = () => {
    const pair = pairs[controls.which.selectedIndex];
    const showers = SIDES.map((side) => unpacked(pair[side]));
    scale.highest = Math.max(...showers.map(({ energies }) => energies.reduce(larger, 0)), 1e-9);
    showers.forEach(({ cells, energies }, k) => {
      const { label, lower_edges: lowerEdges } = pair[SIDES[k]];
      views[k].setShower(cells, energies, { label: `${SIDES[k]}, ${label}`, lowerEdges });
      columns[k].facts.textContent = factsOf(pair[SIDES[k]]);
    });
    const part = CONTAINED[views[0].geometry.depthUnit];
    const radius = containedRadius(views[0].geometry, showers, part);
    views.forEach((view) => view.setRadius(radius));
    rescale();
  };
  controls.which.addEventListener("change", show);
  controls.kind.addEventListener("change", rescale);
  controls.threshold.addEventListener("input", rescale);
  onTheme(redraw);
  show();
}

function larger(a, b) {
  return Math.max(a, b);
}

function factsOf({ label, total, hits, left_out: leftOut }) {
  const text = `${label}: ${written(total)} MeV in ${hits} cells`;
  return leftOut > 0 ? `${text} (${written(100 * leftOut, 2)} % in faint cells not shown)` : text;
}

function controlsOf(pairs, camera) {
  const field = (label, ...inputs) => html("label", {}, html("span", {}, label), ...inputs);
  const button = (text, label, act) => {
    const made = html("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", act);
    return made;
  };
  const options = pairs.map(({ reference }, k) => (
    html("option", { value: k }, `${k + 1}: ${reference.label}`)));
  const which = html("select", { "aria-label": "Shower" }, ...options);
  which.selectedIndex = Math.floor(pairs.length / 2);
  const step = (by) => () => {
    which.selectedIndex = (which.selectedIndex + by + pairs.length) % pairs.length;
    which.dispatchEvent(new Event("change"));
  };
  const kinds = ["log", "linear"].map((value) => html("option", { value }, value));
  const kind = html("select", { "aria-label": "Scale" }, ...kinds);
  const threshold = html("input", {
    type: "range", "aria-label": "Cells above", min: -DECADES, max: -0.5, step: 0.05, value: -FIRST,
  });
  const told = html("output", {});
  const row = html("div", { class: "controls" },
    html("div", { class: "stepped" }, field("Shower", which),
      button("‹", "Previous shower", step(-1)), button("›", "Next shower", step(1))),
    field("Scale", kind),
    field("Cells above", threshold, told),
    html("div", { class: "stepped" }, button("+", "Zoom in", () => camera.magnify(1.25)),
      button("−", "Zoom out", () => camera.magnify(0.8)),
      button("Reset view", "Reset the view", () => camera.reset())));
  return { row, which, kind, threshold, told };
}
