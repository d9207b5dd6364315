/**
 * The live page: what the reader chooses is decoded and shown. Its data stand in the page as JSON
 * (`report/live/page.py`), the weights of the decoder as base64.
 */
import { Camera } from "../../html/scripts/camera.js";
import { ConditionControl } from "./condition_control.js";
import { Decoder } from "./decoder.js";
import { energyLegend } from "../../html/scripts/energy_legend.js";
import { EnergyScale } from "../../html/scripts/energy_scale.js";
import { containedRadius } from "../../html/scripts/mesh_geometry.js";
import { ProfileChart } from "./profile_chart.js";
import { Recent } from "./recent.js";
import { ShowerView } from "../../html/scripts/shower_view.js";
import { onTheme, themeButton } from "../../html/scripts/theme.js";
import { html } from "../../html/scripts/svg.js";
import { sampleCommand } from "./sample_command.js";
import { digits, energyText, median } from "./words.js";

const COMPARED = 24; // showers that the shown one is held against
const TIMED = 25;
const QUIET_MS = 250;
const ANIMATION_MS = 350;
const RADII = 1.02; // the view grows when a shower is wider, and shrinks when it is much narrower

class LivePage {
  constructor(data, decoder) {
    this.data = data;
    this.decoder = decoder;
    this.times = [];
    this.recent = new Recent(COMPARED);
    this.scale = new EnergyScale(1, 2);
    this.view = new ShowerView(find("shower"), data.mesh, new Camera(), this.scale);
    onTheme(() => this.showLegend());
    this.controls = data.conditions.map((one) => new ConditionControl(one, () => this.changed()));
    find("conditions").append(...this.controls.map((control) => control.element));
    this.charts = data.profiles.map((along) => this.chart(along));
    this.seed = BigInt(data.seed);
    this.number = 0;
    find("seed").value = data.seed;
    find("seed").addEventListener("change", () => this.readSeed());
    find("number").addEventListener("change", () => this.readNumber());
    find("next").addEventListener("click", () => this.go(this.number + 1));
    find("animate").addEventListener("click", () => this.animate(!this.animation));
    find("floor").addEventListener("input", () => this.showCells(this.energies));
    this.changed();
  }

  chart(along) {
    const drawn = new ProfileChart(along);
    find("profiles").append(html("figure", {}, html("figcaption", {}, along.title), drawn.element));
    return drawn;
  }

  get values() {
    return this.controls.map((control) => control.value);
  }

  /** Show the same shower number under other conditions. */
  changed() {
    this.recent.clear();
    clearTimeout(this.settling);
    if (this.requested) return;
    this.requested = requestAnimationFrame(() => {
      this.requested = 0;
      this.show();
      this.settling = setTimeout(() => this.compare(), QUIET_MS);
    });
  }

  readSeed() {
    const text = find("seed").value.trim();
    const fits = /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n;
    find("seed").setAttribute("aria-invalid", String(!fits));
    if (!fits) return;
    this.seed = BigInt(text);
    this.changed();
  }

  readNumber() {
    const text = find("number").value.trim();
    const fits = /^\d{1,15}$/.test(text);
    find("number").setAttribute("aria-invalid", String(!fits));
    if (fits) this.go(Number(text));
  }

  /** Show another shower of the same conditions. */
  go(number) {
    this.number = number;
    this.show();
  }

  animate(run) {
    clearInterval(this.animation);
    this.animation = run ? setInterval(() => this.go(this.number + 1), ANIMATION_MS) : 0;
    find("animate").setAttribute("aria-pressed", String(run));
    find("animate").textContent = run ? "Stop" : "Animate";
  }

  /** Draw showers to hold the shown one against, one at a time so that the page stays quick. */
  compare() {
    let number = this.number;
    while (this.recent.has(number)) number++;
    this.recent.add(number, this.sumsOf(this.draw(number)));
    if (this.recent.count < COMPARED) this.settling = setTimeout(() => this.compare());
    this.report();
  }

  /** Return the energies of a shower, timed. */
  draw(number) {
    const start = performance.now();
    const energies = this.decoder.shower(this.seed, number, this.values);
    this.times.push(performance.now() - start);
    if (this.times.length > TIMED) this.times.shift();
    return energies;
  }

  sumsOf(energies) {
    const sums = { total: [0], hits: [0] };
    this.data.profiles.forEach(({ edges, bins }, k) => {
      const profile = new Array(edges.length - 1).fill(0);
      for (let cell = 0; cell < energies.length; cell++) profile[bins[cell]] += energies[cell];
      sums[k] = profile;
    });
    for (const energy of energies) {
      sums.total[0] += energy;
      if (energy > 0) sums.hits[0]++;
    }
    return sums;
  }

  show() {
    const energies = this.draw(this.number);
    this.energies = energies;
    this.sums = this.sumsOf(energies);
    this.recent.add(this.number, this.sums);
    find("number").value = String(this.number);
    this.showCells(energies);
    this.report();
  }

  showCells(energies) {
    this.scale.highest = energies.reduce((most, energy) => Math.max(most, energy), 0);
    this.scale.threshold = 10 ** Number(find("floor").value) * this.scale.highest;
    this.showLegend();
    const cells = [];
    energies.forEach((energy, cell) => {
      if (energy > 0 && energy >= this.scale.threshold) cells.push(cell);
    });
    const shown = { cells, energies: cells.map((cell) => energies[cell]) };
    const radius = containedRadius(this.view.geometry, [shown]);
    const fits = radius <= this.view.radius && radius > 0.6 * this.view.radius;
    if (!fits) this.view.radius = RADII * radius;
    const told = { label: this.label(), lowerEdges: this.edges() };
    this.view.setShower(shown.cells, shown.energies, told);
  }

  showLegend() {
    const some = this.scale.highest > 0;
    find("legend").replaceChildren(...(some ? [energyLegend(this.scale)] : []));
  }

  label() {
    return this.controls.map((control) => control.words).join(", ");
  }

  /** Return where the windows of cells begin under the chosen alignment, null where none is. */
  edges() {
    const { alignment } = this.data;
    if (!alignment) return null;
    const [phi, eta] = alignment.conditions.map((k) => this.controls[k].value);
    return alignment.edges[phi]?.[eta] ?? null;
  }

  report() {
    const incident = this.controls[this.data.decoder.energy].value;
    const [total, hits] = [this.sums.total[0], this.sums.hits[0]];
    const share = `${((100 * total) / incident).toFixed(1)} % of the incident energy`;
    tell("total", energyText(total), incident > 0 ? share : "");
    tell("hits", hits.toLocaleString("en"), `of ${this.data.decoder.cells.toLocaleString("en")}`);
    const others = this.recent.spread("total");
    tell(
      "mean",
      others ? energyText(others.mean[0]) : "…",
      others ? `± ${energyText(others.deviation[0])} spread of ${this.recent.count} showers` : "",
    );
    tell("time", `${digits(median(this.times))} ms`, "median, in this browser");
    find("outside").hidden = !this.controls.some((control) => control.outside);
    find("command").textContent = sampleCommand(this);
    find("count").textContent = this.recent.count;
    this.charts.forEach((chart, k) => chart.draw(this.sums[k], this.recent.spread(k)));
  }
}

function find(id) {
  return document.getElementById(id);
}

/** Set a figure and the words below it. */
function tell(id, figure, words) {
  find(id).querySelector(".figure").textContent = figure;
  find(id).querySelector(".words").textContent = words;
}

function contentOf(id) {
  const element = find(id);
  const text = element.textContent;
  element.remove(); // megabytes that are not needed twice
  return text;
}

const data = JSON.parse(contentOf("data"));
themeButton(find("theme"));
window.live = new LivePage(data, new Decoder(data.decoder, contentOf("weights")));
