"""A bound on the outputs of a dense layer, certain and cheaper than the outputs themselves.

A decoder's last layer is most of its bytes, and most of its outputs may stay below the readout
threshold, which sets them to 0 anyway. The bound says which tiles of 64 outputs need not be
computed at all: about 32 bytes tell for an output what its 100 to 400 bytes of weights would.

**The bound.** For hidden activations h around their centre h0, with δ = h - h0, output j is

    b_j + w_j·h = b'_j + w_j·δ,        b'_j = b_j + w_j·h0,
    w_j = A q_j + r_j                  A (n_in, 30), q_j whole numbers of 8 bits, r_j what is left,
    w_j·δ ≤ q_j·(Aᵀδ) + ‖Mδ‖·ρ_j       ρ_j = ‖M⁻ᵀ r_j‖, by Cauchy and Schwarz.

It holds for any h0, A and M. They are chosen on a sample of hidden activations so that it is
tight: A spans the directions along which the outputs vary most (a singular value decomposition of
the kernel in the metric of the covariance C of h), and MᵀM is the geometric mean of C⁻¹ and the
covariance of the r_j, which minimises the mean product of the two norms. b'_j and ρ_j are rounded
up to 8 bits, too, so that the bound is one product of 32 whole numbers per output.

**Rounding.** The weights are those that are stored, so only arithmetic differs. The kernel sums
n_in products in float32 in an order of its own: it is off by at most γ·(|b_j| + Σ|w_jk|·max|h|),
γ = (n_in + 8)·2⁻²³ (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, with a
unit roundoff of 2⁻²⁴, doubled). Precisions that round the inputs add their own part of
Σ|w_jk|·max|h|. The bound's own arithmetic is float64 and whole numbers, and is off by at most
(n_in + 8)·2⁻⁵² times the sum of the magnitudes that enter. ``slack`` and ``slack_per_input`` hold
all of this, for every output at once. The activation and the product with the shower's factor are
allowed a relative error of ``MARGIN``, on a number that must stay below the threshold.

The choice of A and of the metric can be bad, never wrong: a bad one skips less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.packing import TILE

#: whole numbers per output: directions, then the remainder's norm, then the bias
ROWS = 32
DIRECTIONS = ROWS - 2
NORM, BIAS = ROWS - 2, ROWS - 1
#: inputs of one output that share a word, as in packed int8 kernels
TOGETHER = 4
#: stored number that means zero in a direction; norms and biases begin at 0
ZERO = 128
#: largest number of a stored byte, and of the 16-bit numbers they are multiplied with
LARGEST, LARGEST_INPUT = 255, 32766
#: relative error that activation and factor may have; the tests measure below a tenth of it
MARGIN = 1e-4
#: limits are kept inside 32 bits; no sum reaches 32·255·32767 < 2²⁹
LOWEST_LIMIT, HIGHEST_LIMIT = -(2**30), 2**30
#: eigenvalues are kept within this factor of the largest: M has a condition below 10^3.5, and its
#: inverse, of float64, an error far below the ``MARGIN`` that the norms get
SPREAD = 1e-7
#: stands in for zero where a number is divided by
TINY = 1e-30
#: outputs on which directions and metric are chosen, and outputs that are bounded at a time
SOME, BLOCK = 4096, 8192
#: activations for which "not above the threshold" is a bound on the sum
FUNCTIONS = ("linear", "relu", "leaky_relu", "sigmoid")


@dataclass(frozen=True)
class Bound:
    """What the bound needs to know about a layer.

    Attributes:
        order: (n_out,) which output stands where in the tiles.
        centre: (n_in,) h0.
        directions: (n_in, 30) A.
        metric: (n_in, n_in) M.
        codes: (tiles, 8, 64, 4) the whole numbers, laid out like a packed int8 kernel.
        lowest_bias, bias_step: b'_j ≤ lowest_bias + bias_step·code.
        norm_step: ρ_j ≤ norm_step·code.
        slack, slack_per_input: what rounding may add to an output: slack + slack_per_input·max|h|.
    """

    order: Integers
    centre: Float32
    directions: Float32
    metric: Float32
    codes: Array
    lowest_bias: float
    bias_step: float
    norm_step: float
    slack: float
    slack_per_input: float

    def inputs(self, hidden: Array, limit: float) -> tuple[Integers, int]:
        """Return the (32,) whole numbers that multiply the codes, and the limit of the sums.

        Args:
            hidden: (n_in,) one shower's inputs of the layer.
            limit: what no output of a skipped tile may reach, before rounding errors.

        A tile in which no sum reaches the limit of the sums holds no output that reaches ``limit``.
        """
        away = hidden.astype(np.float64) - self.centre
        exact = np.empty(ROWS)
        exact[:DIRECTIONS] = away @ self.directions
        exact[NORM] = np.linalg.norm(self.metric.astype(np.float64) @ away) * self.norm_step
        exact[BIAS] = self.bias_step
        step = max(float(np.abs(exact).max()), TINY) / LARGEST_INPUT
        rounded = np.rint(exact / step)
        rounded[NORM:] = np.ceil(exact[NORM:] / step)
        slack = self.slack + self.slack_per_input * float(np.abs(hidden).max())
        # half a step per direction, times codes of at most 128; one more for this very line
        steps = (limit - slack - self.lowest_bias) / step - (DIRECTIONS * ZERO / 2 + 1)
        steps = math.floor(min(max(steps, LOWEST_LIMIT), HIGHEST_LIMIT))
        return rounded.astype(np.int64), steps + ZERO * int(rounded[:DIRECTIONS].sum())

    def survivors(self, hidden: Array, limits: Array) -> Array:
        """Return (n, tiles) whether a tile must be computed.

        Args:
            hidden: (n, n_in).
            limits: (n,) see ``inputs``.
        """
        both = [self.inputs(row, float(limit)) for row, limit in zip(hidden, limits, strict=True)]
        inputs = np.array([numbers for numbers, _ in both], dtype=np.float64)
        lowest = np.array([limit for _, limit in both])
        result = np.empty((len(hidden), len(self.codes)), dtype=bool)
        for tile, words in enumerate(self.codes):  # whole numbers below 2^53: exact
            sums = inputs @ words.transpose(0, 2, 1).reshape(ROWS, TILE).astype(np.float64)
            result[:, tile] = sums.max(axis=1) >= lowest
        return result


def limit_of(function: str, factor: float, threshold: float) -> float:
    """Return the sum below which a cell is certain to be set to 0, infinity where every cell is.

    Args:
        function: activation, one of ``FUNCTIONS``; all grow with their argument, and none but the
            sigmoid exceeds a positive one.
        factor: of the shower, above 0.
        threshold: in MeV, above 0.

    >>> round(limit_of("sigmoid", 1000.0, 0.5), 2)
    -7.6
    """
    largest = threshold / (factor * (1 + MARGIN))
    if function != "sigmoid":
        return largest
    return math.log(largest / (1 - largest)) if largest < 1 else math.inf


def make_bound(
    kernel: Array, bias: Array, sample: Array, order: Array, input_rounding: float = 0.0
) -> Bound:
    """Choose and compute the bound of a layer.

    Args:
        kernel: (n_in, n_out), exactly as it is stored.
        bias: (n_out,).
        sample: (n, n_in) inputs of the layer that are typical.
        order: (n_out,) which output stands where in the tiles.
        input_rounding: largest error of an input that is rounded for the product, in units of
            the largest input.
    """
    centre = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
    away = sample.astype(np.float64) - centre
    covariance = away.T @ away / len(away)
    kernel, bias = kernel[:, order], bias[order].astype(np.float64)
    some = kernel[:, :: max(1, len(order) // SOME)].astype(np.float64)
    directions, coefficients = _directions(some, covariance)
    left = some - directions.astype(np.float64) @ _codes(coefficients @ some)
    metric = _metric(covariance, left)
    codes = np.empty((DIRECTIONS, len(order)), dtype=np.float64)
    norms, biases, sums = np.empty((3, len(order)))
    inverse = np.linalg.inv(metric.astype(np.float64)).T
    for start in range(0, len(order), BLOCK):
        block = slice(start, start + BLOCK)
        weights = kernel[:, block].astype(np.float64)
        codes[:, block] = _codes(coefficients @ weights)
        left = inverse @ (weights - directions.astype(np.float64) @ codes[:, block])
        norms[block] = np.sqrt(np.einsum("kj,kj->j", left, left)) * (1 + MARGIN)
        biases[block] = bias[block] + centre.astype(np.float64) @ weights
        sums[block] = np.abs(weights).sum(axis=0)
    lowest, bias_step = float(biases.min()), max(float(np.ptp(biases)), TINY) / LARGEST
    norm_step = max(float(norms.max()), TINY) / LARGEST
    rows = np.empty((ROWS, len(order)))
    rows[:DIRECTIONS] = codes + ZERO
    rows[NORM] = np.minimum(np.ceil(norms / norm_step), LARGEST)
    rows[BIAS] = np.minimum(np.ceil((biases - lowest) / bias_step), LARGEST)
    parts = (centre, directions, metric, norm_step, float(sums.max()))
    slack, slack_per_input = _slack(*parts, float(np.abs(bias).max()), input_rounding)
    return Bound(
        order.astype(np.int64), centre, directions, metric, _packed(rows),
        lowest, bias_step, norm_step, slack, slack_per_input,
    )  # fmt: skip


def _directions(weights: Float64, covariance: Float64) -> tuple[Float32, Float64]:
    """Return A (n_in, 30), and B (30, n_in) for which B·weights are the best codes."""
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    seen = root @ weights
    _, vectors = np.linalg.eigh(seen @ seen.T)
    found = vectors[:, ::-1][:, :DIRECTIONS]
    chosen = np.zeros((len(weights), DIRECTIONS))
    chosen[:, : found.shape[1]] = found
    back = chosen.T @ root
    # a code beyond 127 is cut off, and what is cut off is left: some of the weights suffice here
    steps = np.maximum(np.abs(back @ weights).max(axis=1), TINY) / (ZERO - 1)
    return ((inverse @ chosen) * steps).astype(np.float32), back / steps[:, None]


def _codes(coefficients: Float64) -> Float64:
    return np.clip(np.rint(coefficients), 1 - ZERO, ZERO - 1)


def _metric(covariance: Float64, left: Float64) -> Float32:
    """Return M, with MᵀM the geometric mean of C⁻¹ and the covariance of what is left."""
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    middle = _power(root @ (left @ left.T / left.shape[1]) @ root, 0.5)
    return _power(inverse @ middle @ inverse, 0.5).astype(np.float32)


def _power(matrix: Float64, power: float) -> Float64:
    """Return a power of a symmetric matrix, its eigenvalues kept away from zero."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    values = np.maximum(values, max(float(values.max()) * SPREAD, TINY))
    return np.asarray((vectors * values**power) @ vectors.T)


def _slack(
    centre: Float32,
    directions: Float32,
    metric: Float32,
    norm_step: float,
    weights: float,
    bias: float,
    input_rounding: float,
) -> tuple[float, float]:
    """Return what rounding may add to an output, and what it may add per unit of max|h|.

    Args:
        weights: largest sum of the magnitudes of an output's weights.
        bias: largest magnitude.
    """
    in_float32, in_float64 = ((max(len(centre), ROWS) + 8) * 2.0**bits for bits in (-23, -52))
    # the bound's own sums: codes of at most 128 and 255, times what they are multiplied with
    own = in_float64 * (
        ZERO * float(np.abs(directions.astype(np.float64)).sum())
        + LARGEST * norm_step * float(np.abs(metric.astype(np.float64)).sum())
        + weights
    )
    per_input = (in_float32 + input_rounding) * weights + own
    largest = float(np.abs(centre).max())
    return in_float32 * bias + 2 * own * largest + in_float64 * (
        bias + weights * largest
    ), per_input


def _packed(rows: Float64) -> Array:
    """Return (tiles, 8, 64, 4) of the codes (32, n_out); padding is the lowest there is."""
    tiles = -(-rows.shape[1] // TILE)
    padded = np.zeros((ROWS, tiles * TILE), dtype=np.uint8)
    padded[:DIRECTIONS] = ZERO
    padded[:, : rows.shape[1]] = rows
    words = padded.reshape(ROWS // TOGETHER, TOGETHER, tiles, TILE)
    return np.ascontiguousarray(words.transpose(2, 0, 3, 1))
