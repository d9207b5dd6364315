/**
 * Where the cells of a mesh are, from its JSON (`mesh.to_json()`): cylinders, layers of rings, and
 * windows of cells in η and φ.
 *
 * A cell is a prism: a base in the plane across the particle (mm; for windows η to the right and φ
 * upwards), and where it begins and ends in depth. Depth is in mm where the mesh tells, else in
 * layers, each drawn as a plate.
 */

const ARC = Math.PI / 12; // the longest piece of an arc that is drawn straight
const PLATE = [0.41, 0.59]; // of a layer that has no thickness

/** Return the geometry of a mesh. */
export function geometryOf(mesh) {
  if (mesh.kind === "cylinder") return new CylinderGeometry(mesh);
  return mesh.kind === "layered" ? new RingGeometry(mesh) : new WindowGeometry(mesh);
}

/** Return the corners x, y, x, y, … of a piece of a ring, counterclockwise, and of its hole. */
function sector(inner, outer, from, angle) {
  const steps = Math.max(1, Math.ceil(angle / ARC));
  const whole = angle > 2 * Math.PI - 1e-9;
  const arc = (radius, backwards) => {
    const corners = [];
    for (let k = 0; k < steps + (whole ? 0 : 1); k++) {
      const phi = from + (angle * (backwards ? steps - k : k)) / steps;
      corners.push(radius * Math.cos(phi), radius * Math.sin(phi));
    }
    return corners;
  };
  if (whole) return { base: arc(outer, false), hole: inner > 0 ? arc(inner, true) : null };
  const base = arc(outer, false).concat(inner > 0 ? arc(inner, true) : [0, 0]);
  return { base, hole: null };
}

function circle(radius, depth) {
  const points = [];
  for (let k = 0; k <= 72; k++) {
    const phi = (k * Math.PI) / 36;
    points.push([radius * Math.cos(phi), radius * Math.sin(phi), depth]);
  }
  return points;
}

class CylinderGeometry {
  constructor(mesh) {
    this.sizes = { r: mesh.n_r, phi: mesh.n_phi, z: mesh.n_z };
    this.order = mesh.order;
    this.origin = mesh.phi_origin_rad;
    const told = mesh.dr_mm !== null && mesh.dz_mm !== null;
    [this.dr, this.dz] = told ? [mesh.dr_mm, mesh.dz_mm] : [1, 1];
    this.depthUnit = told ? "mm" : "layers";
    this.radius = mesh.n_r * this.dr;
    this.length = mesh.n_z * this.dz;
    this.cells = mesh.n_r * mesh.n_phi * mesh.n_z;
  }

  index(cell) {
    const index = {};
    let rest = cell;
    for (let k = 2; k >= 0; k--) {
      const axis = this.order[k];
      index[axis] = rest % this.sizes[axis];
      rest = Math.floor(rest / this.sizes[axis]);
    }
    return index;
  }

  prism(cell) {
    const { r, phi, z } = this.index(cell);
    const angle = (2 * Math.PI) / this.sizes.phi;
    const base = sector(r * this.dr, (r + 1) * this.dr, this.origin + phi * angle, angle);
    return { ...base, near: z * this.dz, far: (z + 1) * this.dz };
  }

  /** Return the distance of a cell's outer edge from the axis. */
  reach(cell) {
    return (this.index(cell).r + 1) * this.dr;
  }

  outline(radius) {
    return [circle(radius, 0), circle(radius, this.length)];
  }

  name(cell) {
    const { r, phi, z } = this.index(cell);
    return `r=${r}, φ=${phi}, z=${z}`;
  }
}

class LayeredGeometry {
  constructor(mesh, sizes) {
    this.layers = mesh.layers;
    this.starts = [0];
    for (const size of sizes) this.starts.push(this.starts.at(-1) + size);
    this.cells = this.starts.at(-1);
    this.length = mesh.layers.length;
    this.depthUnit = "layers";
  }

  /** Return number of a cell's layer and the cell's number in it. */
  within(cell) {
    let layer = 0;
    while (this.starts[layer + 1] <= cell) layer++;
    return [layer, cell - this.starts[layer]];
  }
}

class RingGeometry extends LayeredGeometry {
  constructor(mesh) {
    super(mesh, mesh.layers.map((layer) => (layer.r_edges_mm.length - 1) * layer.n_phi));
    this.origin = mesh.phi_origin_rad;
    this.radiusFirst = mesh.order[1] === "r";
    this.radius = Math.max(...mesh.layers.map((layer) => layer.r_edges_mm.at(-1)));
  }

  index(cell) {
    const [z, inside] = this.within(cell);
    const { r_edges_mm: edges, n_phi: nPhi } = this.layers[z];
    const fast = this.radiusFirst ? nPhi : edges.length - 1;
    const [slow, rest] = [Math.floor(inside / fast), inside % fast];
    return this.radiusFirst ? { z, r: slow, phi: rest } : { z, r: rest, phi: slow };
  }

  prism(cell) {
    const { r, phi, z } = this.index(cell);
    const { r_edges_mm: edges, n_phi: nPhi } = this.layers[z];
    const angle = (2 * Math.PI) / nPhi;
    const base = sector(edges[r], edges[r + 1], this.origin + phi * angle, angle);
    return { ...base, near: z + PLATE[0], far: z + PLATE[1] };
  }

  reach(cell) {
    const { r, z } = this.index(cell);
    return this.layers[z].r_edges_mm[r + 1];
  }

  outline(radius) {
    const reach = (layer) => Math.min(radius, layer.r_edges_mm.at(-1));
    return this.layers.map((layer, z) => circle(reach(layer), z + 0.5));
  }

  name(cell) {
    const { r, phi, z } = this.index(cell);
    return `layer ${this.layers[z].id}, r=${r}, φ=${phi}`;
  }
}

class WindowGeometry extends LayeredGeometry {
  constructor(mesh) {
    super(mesh, mesh.layers.map((layer) => layer.n_eta * layer.n_phi));
    const half = (layer) => Math.max(layer.n_eta * layer.d_eta, layer.n_phi * layer.d_phi) / 2;
    this.radius = Math.max(...mesh.layers.map(half));
    this.align(null);
  }

  /**
   * Place the windows of a shower: lower edges [η, φ] of each layer from the impact cell's centre
   * (`WindowMesh.lower_edges`); null centres them.
   */
  align(lowerEdges) {
    this.lower = lowerEdges ?? this.layers.map((layer) => [
      (-layer.n_eta * layer.d_eta) / 2, (-layer.n_phi * layer.d_phi) / 2,
    ]);
  }

  rectangle(z, eta, phi, nEta, nPhi) {
    const { d_eta: dEta, d_phi: dPhi } = this.layers[z];
    const [left, low] = [this.lower[z][0] + eta * dEta, this.lower[z][1] + phi * dPhi];
    const [right, high] = [left + nEta * dEta, low + nPhi * dPhi];
    return [left, low, right, low, right, high, left, high];
  }

  prism(cell) {
    const [z, inside] = this.within(cell);
    const nPhi = this.layers[z].n_phi;
    const base = this.rectangle(z, Math.floor(inside / nPhi), inside % nPhi, 1, 1);
    return { base, hole: null, near: z + PLATE[0], far: z + PLATE[1] };
  }

  reach() {
    return 0;
  }

  outline() {
    return this.layers.map(({ n_eta: nEta, n_phi: nPhi }, z) => {
      const [left, low, right, , , high] = this.rectangle(z, 0, 0, nEta, nPhi);
      const corners = [[left, low], [right, low], [right, high], [left, high], [left, low]];
      return corners.map(([x, y]) => [x, y, z + 0.5]);
    });
  }

  name(cell) {
    const [z, inside] = this.within(cell);
    const nPhi = this.layers[z].n_phi;
    return `layer ${this.layers[z].id}, η=${Math.floor(inside / nPhi)}, φ=${inside % nPhi}`;
  }
}

/**
 * Return the smallest reach of cells that holds this part of the energy of all showers; the whole
 * radius of meshes without distances.
 */
export function containedRadius(geometry, showers, part = 0.995) {
  const byReach = new Map();
  let total = 0;
  for (const { cells, energies } of showers) {
    for (let k = 0; k < cells.length; k++) {
      const reach = geometry.reach(cells[k]);
      byReach.set(reach, (byReach.get(reach) ?? 0) + energies[k]);
      total += energies[k];
    }
  }
  let sum = 0;
  for (const reach of [...byReach.keys()].sort((a, b) => a - b)) {
    sum += byReach.get(reach);
    if (sum >= part * total) return reach > 0 ? reach : geometry.radius;
  }
  return geometry.radius;
}
