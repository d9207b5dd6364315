/**
 * A shower in three dimensions on a canvas: its cells as prisms, painted from far to near.
 *
 *     const view = new ShowerView(canvas, mesh, camera, scale);
 *     view.setShower(cells, energies, { label: "50 GeV electron", lowerEdges: null });
 *     view.setRadius(containedRadius(view.geometry, showers));
 *     view.redraw();                                    // after a change of the scale
 *
 * `mesh` is the JSON of a mesh, `cells` are flat cell numbers in its storage order and `energies`
 * MeV of each; `camera` and `scale` may be shared by several views. Dragging, a finger, arrow keys,
 * + and - (or the wheel with Ctrl), and 0 move the camera.
 */
import { Camera } from "./camera.js";
import { css, energyColour } from "./colour_map.js";
import { geometryOf } from "./mesh_geometry.js";
import { isDark, onTheme } from "./theme.js";
import { moveWith } from "./camera_controls.js";

const LEVELS = 48; // strengths that have a colour of their own
const LIGHT = [-0.35, 0.75, 0.56]; // on the page: from the upper left, towards the reader
const SHADES = [0.62, 0.72, 0.82, 0.91, 1];
const LAYERED_LENGTH = 3.2; // of meshes without depth, in radii
const QUICK = 2500; // cells that are painted while the camera moves
const SETTLED_MS = 140;

export class ShowerView {
  constructor(canvas, mesh, camera, scale) {
    [this.canvas, this.camera, this.scale] = [canvas, camera, scale];
    this.geometry = geometryOf(mesh);
    this.radius = this.geometry.radius;
    this.prisms = [];
    this.label = "";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    moveWith(canvas, camera);
    camera.onChange(() => this.moving());
    onTheme(() => this.paint());
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  /** Show a shower: flat cell numbers, their energies in MeV, a label, lower edges of windows. */
  setShower(cells, energies, { label = "", lowerEdges = null } = {}) {
    this.geometry.align?.(lowerEdges);
    this.shower = { cells, energies };
    this.label = label;
    this.build();
    this.redraw();
  }

  /** Show cells up to this distance from the axis. */
  setRadius(radius) {
    this.radius = radius;
    if (this.shower) this.build();
    this.redraw();
  }

  /** Paint again, in the next frame. */
  redraw() {
    this.quick = false;
    this.request();
  }

  moving() {
    this.quick = true;
    this.request();
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.redraw(), SETTLED_MS);
  }

  request() {
    if (this.requested) return;
    this.requested = true;
    requestAnimationFrame(() => this.paint());
  }

  /** Make the prisms of all cells inside the radius, the brightest first. */
  build() {
    const { cells, energies } = this.shower;
    const limit = this.radius * (1 + 1e-6);
    this.prisms = [];
    for (let k = 0; k < cells.length; k++) {
      if (this.geometry.reach(cells[k]) > limit) continue;
      const prism = this.geometry.prism(cells[k]);
      let [x, y] = [0, 0];
      for (let c = 0; c < prism.base.length; c += 2) {
        x += prism.base[c];
        y += prism.base[c + 1];
      }
      const corners = prism.base.length / 2;
      const middle = [x / corners, y / corners, (prism.near + prism.far) / 2];
      this.prisms.push({ ...prism, middle, energy: energies[k] });
    }
    this.prisms.sort((a, b) => b.energy - a.energy);
  }

  /** Say in words what is shown; energies in MeV. */
  describe() {
    const shown = this.prisms.filter((prism) => this.scale.strength(prism.energy) >= 0).length;
    const keys = "Arrow keys rotate, plus and minus zoom, 0 resets.";
    this.canvas.setAttribute("aria-label", `${this.label}: ${shown} cells shown. ${keys}`);
    this.canvas.dataset.cells = shown;
  }

  /** Return pixels per unit and the stretch of depth. */
  measures(width, height) {
    const { length, depthUnit } = this.geometry;
    const stretch = depthUnit === "mm" ? 1 : (LAYERED_LENGTH * this.radius) / length;
    const { right, up } = this.camera.directions(Camera.YAW, Camera.PITCH);
    const long = length * stretch * 1.22; // with the arrow in front
    const wide = long * Math.abs(right[2]) + 2 * this.radius * Math.hypot(right[0], right[1]);
    const high = long * Math.abs(up[2]) + 2 * this.radius * Math.hypot(up[0], up[1]);
    const fit = Math.min(width / wide, height / high) * 0.94;
    return { pixels: fit * this.camera.zoom, stretch };
  }

  paint() {
    this.requested = false;
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width || !height) return;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    const frame = this.frame(width, height);
    this.paintOutline(context, frame);
    this.paintCells(context, frame);
    this.describe();
  }

  /** Return what turns a place (x, y, depth) into one on the canvas. */
  frame(width, height) {
    const { pixels, stretch } = this.measures(width, height);
    const { right, up, toward } = this.camera.directions();
    const middle = (this.geometry.length * stretch) / 2;
    const [left, top] = [width / 2, height / 2];
    const at = (x, y, depth) => {
      const z = depth * stretch - middle;
      return [
        left + pixels * (right[0] * x + right[1] * y + right[2] * z),
        top - pixels * (up[0] * x + up[1] * y + up[2] * z),
      ];
    };
    const nearness = ([x, y, depth]) => toward[0] * x + toward[1] * y + toward[2] * depth * stretch;
    return { at, nearness, right, up, toward };
  }

  paintOutline(context, { at, toward }) {
    const style = getComputedStyle(this.canvas);
    const { length } = this.geometry;
    context.strokeStyle = style.getPropertyValue("--outline") || "#999";
    context.lineWidth = 1;
    const line = (points) => {
      context.beginPath();
      points.forEach((point, k) => context[k ? "lineTo" : "moveTo"](...at(...point)));
      context.stroke();
    };
    for (const points of this.geometry.outline(this.radius)) line(points);
    if (this.geometry.depthUnit === "mm") {
      // the two lines where the cylinder's surface turns away from the reader
      const edge = Math.atan2(-toward[0], toward[1]);
      for (const phi of [edge, edge + Math.PI]) {
        const [x, y] = [this.radius * Math.cos(phi), this.radius * Math.sin(phi)];
        line([[x, y, 0], [x, y, length]]);
      }
    }
    this.paintParticle(context, at, style);
  }

  paintParticle(context, at, style) {
    const { length } = this.geometry;
    const [from, to] = [at(0, 0, -0.2 * length), at(0, 0, 0)];
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
    context.strokeStyle = context.fillStyle = style.getPropertyValue("--muted") || "#777";
    context.lineWidth = 1.6;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    context.beginPath();
    context.moveTo(...to);
    for (const side of [-1, 1]) {
      const turned = angle + side * 0.4;
      context.lineTo(to[0] - 9 * Math.cos(turned), to[1] - 9 * Math.sin(turned));
    }
    context.fill();
  }

  paintCells(context, frame) {
    const shown = [];
    const most = this.quick ? QUICK : Infinity;
    for (const prism of this.prisms) {
      const strength = this.scale.strength(prism.energy);
      if (strength < 0 || shown.length >= most) break; // sorted by energy
      shown.push({ prism, strength, near: frame.nearness(prism.middle) });
    }
    shown.sort((a, b) => a.near - b.near);
    const colours = palette(isDark());
    for (const { prism, strength } of shown) {
      const shades = colours[Math.round(strength * (LEVELS - 1))];
      context.globalAlpha = 0.05 + 0.9 * strength ** 1.7;
      paintPrism(context, frame, prism, shades);
    }
    context.globalAlpha = 1;
  }
}

/** Paint the faces of a prism that look to the reader. */
function paintPrism(context, { at, right, up, toward }, prism, shades) {
  const shade = (x, y, z) => {
    const to = (direction) => direction[0] * x + direction[1] * y + direction[2] * z;
    const light = LIGHT[0] * to(right) + LIGHT[1] * to(up) + LIGHT[2] * to(toward);
    return shades[Math.round(((light + 1) / 2) * (SHADES.length - 1))];
  };
  const { base, hole, near, far } = prism;
  const corners = base.length / 2;
  for (let k = 0; k < corners; k++) {
    const [x, y] = [base[2 * k], base[2 * k + 1]];
    const next = 2 * ((k + 1) % corners);
    const [dx, dy] = [base[next] - x, base[next + 1] - y];
    if (toward[0] * dy - toward[1] * dx <= 0) continue; // looks away
    const size = Math.hypot(dx, dy) || 1;
    context.fillStyle = shade(dy / size, -dx / size, 0);
    context.beginPath();
    context.moveTo(...at(x, y, near));
    context.lineTo(...at(x + dx, y + dy, near));
    context.lineTo(...at(x + dx, y + dy, far));
    context.lineTo(...at(x, y, far));
    context.fill();
  }
  const front = toward[2] < 0;
  context.fillStyle = shade(0, 0, front ? -1 : 1);
  context.beginPath();
  for (const ring of hole ? [base, hole] : [base]) {
    for (let k = 0; k < ring.length; k += 2) {
      context[k ? "lineTo" : "moveTo"](...at(ring[k], ring[k + 1], front ? near : far));
    }
    context.closePath();
  }
  context.fill("evenodd");
}

const palettes = {};

/** Return for each level of strength the colours of faces from dark to light. */
function palette(dark) {
  palettes[dark] ??= Array.from({ length: LEVELS }, (_, level) => {
    const colour = energyColour(level / (LEVELS - 1), dark);
    return SHADES.map((shade) => css(colour, shade));
  });
  return palettes[dark];
}
