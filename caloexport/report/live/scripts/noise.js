/**
 * Latent noise, the same bits as runtime/noise.py draws. Two normal numbers come from two random
 * words by Box-Muller; logarithm, sine and cosine are Cephes' polynomials in float32, each
 * operation rounded by itself.
 */
import { bitsOf, f32, floatOf } from "./float32.js";
import { philox } from "./philox.js";
const LOG_COEFFICIENTS = [
  7.0376836292e-2, -1.151461031e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f32);
const SIN_COEFFICIENTS = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f32);
const COS_COEFFICIENTS = [
  2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2,
].map(f32);
const [LN2_HIGH, LN2_LOW] = [f32(0.693359375), f32(-2.1219444e-4)];
const [SQRT_HALF, HALF_PI] = [f32(Math.SQRT1_2), f32(Math.PI / 2)];

function horner(coefficients, x) {
  let y = coefficients[0];
  for (let k = 1; k < coefficients.length; k++) y = f32(f32(y * x) + coefficients[k]);
  return y;
}

/** Return ln x for x in [2^-33, 1]. */
function logarithm(x) {
  const bits = bitsOf(x);
  const mantissa = floatOf((bits & 0x007fffff) | 0x3f000000); // in [1/2, 1)
  const small = mantissa < SQRT_HALF;
  const exponent = (bits >> 23) - (small ? 127 : 126);
  const t = f32((small ? f32(mantissa + mantissa) : mantissa) - 1);
  const square = f32(t * t);
  let y = f32(f32(horner(LOG_COEFFICIENTS, t) * t) * square);
  y = f32(y + f32(LN2_LOW * exponent));
  y = f32(y - f32(0.5 * square));
  return f32(f32(t + y) + f32(LN2_HIGH * exponent));
}

/** Return cosine and sine of 2π·word/2^32 - π/4, from the upper 26 bits of the word. */
function turn(word) {
  const quadrant = word >>> 30;
  const step = ((word & 0x3fffffff) >>> 6) - (1 << 23);
  const angle = f32(f32(f32(step * 2 ** -24) + 2 ** -25) * HALF_PI);
  const square = f32(angle * angle);
  const sine = f32(f32(f32(horner(SIN_COEFFICIENTS, square) * square) * angle) + angle);
  const raised = f32(f32(horner(COS_COEFFICIENTS, square) * square) * square);
  const cosine = f32(f32(raised - f32(0.5 * square)) + 1);
  const [c, s] = quadrant & 1 ? [-sine, cosine] : [cosine, sine];
  return quadrant >= 2 ? [-c, -s] : [c, s];
}

/** Return two independent standard normals from two random words. */
function gaussianPair(radiusWord, angleWord) {
  const uniform = f32(f32(f32(radiusWord) * 2 ** -32) + 2 ** -33);
  const radius = f32(Math.sqrt(f32(-2 * logarithm(uniform))));
  const [cosine, sine] = turn(angleWord);
  return [f32(radius * cosine), f32(radius * sine)];
}

/**
 * Return the latents of a shower as Float32Array.
 *
 * `law` is {size, law: "normal" or "uniform", a, b} as in Python, `seed` a BigInt below 2^64 and
 * `shower` the shower's number.
 */
export function latentsOf(law, seed, shower) {
  const key = [Number(seed & 0xffffffffn), Number(seed >> 32n)];
  const [low, high] = [shower % 2 ** 32, Math.floor(shower / 2 ** 32)];
  const latents = new Float32Array(law.size);
  const normal = law.law === "normal";
  const [a, b] = [f32(law.a), f32(normal ? law.b : law.b - law.a)];
  for (let block = 0; 4 * block < law.size; block++) {
    const words = philox([block, 0, low, high], key);
    const numbers = normal
      ? [...gaussianPair(words[0], words[1]), ...gaussianPair(words[2], words[3])]
      : words.map((word) => f32((word >>> 8) * 2 ** -24));
    for (let k = 0; k < 4 && 4 * block + k < law.size; k++) {
      latents[4 * block + k] = f32(a + f32(b * numbers[k]));
    }
  }
  return latents;
}
