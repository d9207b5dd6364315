/**
 * Colours of energies: magma (matplotlib), whose lightness rises steadily, so that it is read in
 * grey and by every kind of colour vision. On white it runs backwards: much energy is dark.
 */

// sixteen colours of matplotlib.s table, equally far apart
const MAGMA = [
  [0, 0, 4], [11, 9, 36], [32, 17, 75], [59, 15, 112], [87, 21, 126], [114, 31, 129],
  [140, 41, 129], [168, 50, 125], [196, 60, 117], [222, 73, 104], [241, 96, 93], [250, 127, 94],
  [254, 159, 109], [254, 191, 132], [253, 222, 160], [252, 253, 191],
];
/** The ends are left out: they could not be told from the page. */
const LOW = 0.08;

/** Return red, green and blue (0 to 255) for a strength from 0 to 1. */
export function energyColour(strength, dark) {
  const s = LOW + (1 - LOW) * Math.max(0, Math.min(1, strength));
  return between(MAGMA, dark ? s : 1 - s);
}

// brown and violet about white (ColorBrewer's PuOr): told apart by every kind of colour vision
const PUOR = [
  [84, 39, 136], [128, 115, 172], [178, 171, 210], [216, 218, 235], [247, 247, 247],
  [254, 224, 182], [253, 184, 99], [224, 130, 20], [179, 88, 6],
];

/** Return red, green and blue for a difference from -1 to 1. */
export function differenceColour(difference) {
  return between(PUOR, (Math.max(-1, Math.min(1, difference)) + 1) / 2);
}

/** Write a colour as CSS, its lightness times a shade. */
export function css([red, green, blue], shade = 1) {
  return `rgb(${Math.round(red * shade)} ${Math.round(green * shade)} ${Math.round(blue * shade)})`;
}

function between(table, place) {
  const at = place * (table.length - 1);
  const low = Math.min(table.length - 2, Math.floor(at));
  return table[low].map((value, k) => value + (at - low) * (table[low + 1][k] - value));
}
