/**
 * Showers as the page holds them: hit cells and the logarithms of their energies, 16 bits each (32
 * for cells of larger meshes), little-endian, in base64.
 */

/** Return flat cell numbers and energies (MeV) of a packed shower. */
export function unpacked({ cells, energies, low, high, wide }) {
  const numbers = bytesOf(cells);
  const logs = bytesOf(energies);
  const n = logs.byteLength / 2;
  const found = { cells: new Uint32Array(n), energies: new Float32Array(n) };
  for (let k = 0; k < n; k++) {
    found.cells[k] = wide ? numbers.getUint32(4 * k, true) : numbers.getUint16(2 * k, true);
    const place = logs.getUint16(2 * k, true) / 65535;
    found.energies[k] = low * (high / low) ** place;
  }
  return found;
}

function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let k = 0; k < binary.length; k++) bytes[k] = binary.charCodeAt(k);
  return new DataView(bytes.buffer);
}
