/** A decoder: latents and conditions in, energies of cells in MeV out. */
import {} from "./activations.js";
import {} from "./combinations.js";
import {} from "./convolutions.js";
import { columnsOf, inputVector } from "./encoding.js";
import { f32 } from "./float32.js";
import { layers } from "./layers.js";
import { latentsOf } from "./noise.js";
import {} from "./normalizations.js";
import {} from "./placements.js";
import {} from "./products.js";
import { sizeOf } from "./shapes.js";
import { bytesOf, weightOf } from "./weights.js";

export class Decoder {
  /** `description` is what report/live/description.py wrote, `base64` the weights. */
  constructor(description, base64) {
    this.description = description;
    const bytes = bytesOf(base64);
    this.nodes = description.nodes.map((node) => ({
      ...node,
      weights: Object.fromEntries(
        Object.entries(node.weights).map(([key, row]) => [key, weightOf(bytes, row)])),
    }));
  }

  /** Return the output of the network for an input vector, its inputs side by side. */
  evaluate(vector) {
    const values = [];
    let start = 0;
    for (const shape of this.description.inputs) {
      values.push({ data: vector.subarray(start, (start += sizeOf(shape))), shape });
    }
    for (const node of this.nodes) {
      const inputs = node.inputs.map((number) => values[number]);
      values.push({ data: layers.get(node.kind)(node, inputs), shape: node.shape });
    }
    return values[this.description.output].data;
  }

  /**
   * Return the energies of a shower in MeV, a Float32Array with the cells in the mesh's order.
   *
   * `seed` is a BigInt, `shower` the number of the shower, and `values` has a number for each
   * condition, of a category its index.
   */
  shower(seed, shower, values) {
    return this.decode(latentsOf(this.description.noise, seed, shower), values);
  }

  /** Return the energies of the shower of given latents. */
  decode(latents, values) {
    const { terms, factor, energy } = this.description;
    const outputs = this.evaluate(inputVector(latents, terms, values));
    return this.energies(outputs, f32(columnsOf(factor, values[energy])[0]));
  }

  /**
   * Output map (runtime/output_maps): each output times the shower's factor, and where cells have
   * groups the share of the group in the total; below the threshold 0.
   */
  energies(outputs, factor) {
    const { cells, groups, total_scale, threshold_mev } = this.description;
    const threshold = f32(threshold_mev), energies = new Float32Array(cells);
    const total = groups ? f32(f32(outputs[cells] * f32(total_scale)) * factor) : 0;
    for (let cell = 0; cell < cells; cell++) {
      const share = groups ? f32(outputs[cells + 1 + groups[cell]] * total) : factor;
      const energy = f32(outputs[cell] * share);
      energies[cell] = energy < threshold ? 0 : energy;
    }
    return energies;
  }
}
