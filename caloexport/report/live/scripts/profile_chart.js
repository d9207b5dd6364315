/** A profile as SVG: the shown shower as steps, the mean of others with a band of their spread. */
import { axis } from "../../html/scripts/axis.js";
import { pathOf, svg } from "../../html/scripts/svg.js";
import { digits, energyText, unitOf } from "./words.js";

const [WIDTH, HEIGHT] = [440, 230];
const [LEFT, RIGHT, TOP, BASE] = [52, WIDTH - 8, 10, HEIGHT - 40];

export class ProfileChart {
  /** `along` is {title, quantity, unit, edges}. */
  constructor(along) {
    this.along = along;
    const { edges } = along;
    this.x = axis(edges[0], edges.at(-1), LEFT, RIGHT);
    this.title = svg("title");
    this.frame = svg("g", { class: "axes" });
    this.band = svg("path", { class: "band" });
    this.mean = svg("path", { class: "mean" });
    this.steps = svg("path", { class: "steps" });
    const parts = [this.title, this.frame, this.band, this.mean, this.steps];
    this.element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, ...parts);
    this.most = 0;
  }

  /** Draw the sums of the shown shower (MeV by bin) and {mean, deviation} of others, or null. */
  draw(sums, others) {
    const above = others ? others.mean.map((value, k) => value + others.deviation[k]) : [];
    this.fit(Math.max(...sums, ...above));
    this.steps.setAttribute("d", pathOf(this.points(sums)));
    this.mean.setAttribute("d", others ? pathOf(this.points(others.mean)) : "");
    this.band.setAttribute("d", others ? this.bandOf(others) : "");
    const peak = sums.indexOf(Math.max(...sums));
    const { edges, title, unit } = this.along;
    const middle = digits((edges[peak] + edges[peak + 1]) / 2);
    this.title.textContent = `${title}: highest at ${middle} ${unit}, ${energyText(sums[peak])}`;
  }

  /** Choose the scale: it follows energies, but does not tremble from shower to shower. */
  fit(most) {
    if (most <= this.most && most > 0.6 * this.most) return;
    this.most = 1.15 * most || 1;
    this.y = axis(0, this.most, BASE, TOP);
    this.frame.replaceChildren(...this.frameParts());
  }

  points(values) {
    const { edges } = this.along;
    const [low, high] = [Math.min(TOP, BASE), Math.max(TOP, BASE)];
    return values.flatMap((value, k) => {
      const y = Math.min(high, Math.max(low, this.y.place(value)));
      return [[this.x.place(edges[k]), y], [this.x.place(edges[k + 1]), y]];
    });
  }

  bandOf({ mean, deviation }) {
    const upper = this.points(mean.map((value, k) => value + deviation[k]));
    const lower = this.points(mean.map((value, k) => value - deviation[k]));
    return `${pathOf([...upper, ...lower.reverse()])}Z`;
  }

  frameParts() {
    const { quantity, unit } = this.along;
    const [word, size] = unitOf(this.most / 2);
    const parts = [svg("path", { d: `M${LEFT} ${TOP}V${BASE}H${RIGHT}` })];
    for (const value of this.x.ticks(6)) {
      const x = this.x.place(value);
      parts.push(svg("path", { d: `M${x} ${BASE}v4` }));
      parts.push(svg("text", { x, y: BASE + 17, "text-anchor": "middle" }, digits(value)));
    }
    for (const value of axis(0, this.most / size, BASE, TOP).ticks(4)) {
      const y = this.y.place(value * size);
      parts.push(svg("path", { d: `M${LEFT} ${y}h-4` }));
      parts.push(svg("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, digits(value)));
    }
    const below = { x: RIGHT, y: HEIGHT - 5, "text-anchor": "end" };
    const turned = { "text-anchor": "end", transform: `translate(12 ${TOP}) rotate(-90)` };
    parts.push(svg("text", below, `${quantity} / ${unit}`));
    parts.push(svg("text", turned, `energy / ${word}`));
    return parts;
  }
}
