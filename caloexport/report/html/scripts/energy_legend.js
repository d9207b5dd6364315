/** The bar that explains the colours of cells: energies in MeV. */
import { axis, written } from "./axis.js";
import { css, energyColour } from "./colour_map.js";
import { round, svg } from "./svg.js";
import { isDark } from "./theme.js";

const WIDTH = 320;
const FROM = 10;
const TO = 310;

/** Return the bar of a scale. */
export function energyLegend(scale) {
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} 40`, class: "drawing legend", role: "img",
    "aria-label": `Colours from ${written(scale.threshold)} to ${written(scale.highest)} MeV`,
  });
  const steps = 60;
  const width = (TO - FROM) / steps;
  for (let k = 0; k < steps; k++) {
    drawing.append(svg("rect", {
      x: round(FROM + k * width), y: 4, width: round(width + 0.6), height: 9, class: "shade",
      fill: css(energyColour((k + 0.5) / steps, isDark())),
    }));
  }
  const log = scale.kind === "log";
  const x = axis(scale.threshold, scale.highest, FROM, TO, log);
  const group = svg("g", { class: "ticks" });
  for (const tick of x.ticks(5)) {
    const place = { x: round(x.place(tick)), y: 25, "text-anchor": "middle" };
    group.append(svg("text", place, written(tick, 3)));
  }
  group.append(svg("text", {
    x: WIDTH / 2, y: 38, "text-anchor": "middle", class: "label",
  }, "cell energy / MeV"));
  drawing.append(group);
  return drawing;
}
