"""Whether the last layer of a generator can skip tiles, and for which showers that pays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.alike import alike_together
from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.manifest import Sampling, weightless_network
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import TILE, scale_name, stored_precision, unpack, unpack_kernel
from caloexport.runtime.reference import evaluate
from caloexport.runtime.skipping import FUNCTIONS, ROWS, Bound, limit_of, make_bound

if TYPE_CHECKING:
    from caloexport.runtime.generator import Generator

#: outputs below which a layer is over before its bound would be
SMALLEST_LAYER = 4096
#: largest error of an input that a precision rounds, in units of the largest input (one half of a
#: step of its whole numbers, or of the last of eight bits), doubled
INPUT_ROUNDING = {
    "float32": 0.0, "bfloat16": 0.0, "bfloat16-a16": 2.0**-8, "int8": 2.0**-15, "int8-a8": 2.0**-7,
}  # fmt: skip
#: energies in the trained range, and showers at each, on which the choice is made
ENERGIES, SHOWERS = 8, 32
SEED = 20260303
#: share of cells above the threshold at the lowest energy, from which no bound pays
LARGEST_OCCUPANCY = 0.3
#: of how many tiles one is looked at before a bound is made at all
FEW = 16
#: of how many showers one says which outputs are alike
TYPICAL = 4
#: largest share of the layer's bytes, those of the bound included, at which one shower gains time
WORTH_ALONE = 0.55
#: the same for showers in a batch, whose product reads the weights once for all of them
WORTH_OF_MANY = 0.35


@dataclass(frozen=True)
class Skipping:
    """How a generator skips.

    Attributes:
        layer: name of the dense layer.
        bound: of its outputs.
        largest_alone, largest_of_many: factor of the output map (the incident energy) up to which
            a shower by itself, and one in a batch, gains time.
    """

    layer: str
    bound: Bound
    largest_alone: float
    largest_of_many: float

    def __str__(self) -> str:
        if math.isinf(self.largest_alone):
            return "skips tiles of cells below the threshold"
        alone, many = (f"{e / 1000:.3g} GeV" for e in (self.largest_alone, self.largest_of_many))
        batches = f", in batches up to {many}" if self.largest_of_many > 0 else ""
        return f"skips tiles of cells below the threshold up to {alone}{batches}"


def choose_skipping(generator: Generator, wanted: bool | None = None) -> Skipping | None:
    """Return how a generator skips, None where it cannot or where it would gain nothing.

    Args:
        generator: whose packed weights are taken.
        wanted: None skips the showers for which it pays, on typical ones over the trained range;
            True all, whether it pays or not; False none.
    """
    sampling = generator.sampling
    shapes = weightless_network(generator.manifest.network, generator.manifest.name)
    layer = last_layer(shapes)
    rounding = INPUT_ROUNDING.get(generator.arithmetic)
    if wanted is False or sampling is None or layer is None or rounding is None:
        return None
    node, function = layer
    threshold = sampling.output.threshold_mev
    energies, x = showers(sampling)
    factors = sampling.output.factors(energies)
    if factors is None or not (factors.min() > 0 and threshold > 0):
        return None
    limits = np.array([limit_of(function, factor, threshold) for factor in factors.tolist()])
    hidden = hidden_of(generator, shapes, node, x)
    if not (wanted or occupancy(generator, node, hidden, limits) <= LARGEST_OCCUPANCY):
        return None
    weights = stored(generator, node).weights
    kernel, bias = weights["kernel"], weights["bias"]
    if not all(np.isfinite(array).all() for array in (hidden, kernel, bias)):
        return None
    order = alike_together(hidden[::TYPICAL], kernel, bias, limits[::TYPICAL])
    bound = make_bound(kernel, bias, hidden, order, rounding)
    if wanted:
        return Skipping(node.name, bound, math.inf, math.inf)
    own = ROWS * TILE / generator.packed[node.name, "kernel"][0].nbytes
    shares = own + bound.survivors(hidden, limits).mean(axis=1)
    alone, of_many = (paying_up_to(factors, shares, w) for w in (WORTH_ALONE, WORTH_OF_MANY))
    return Skipping(node.name, bound, alone, of_many) if alone > 0 else None


def stored(generator: Generator, node: Node) -> Node:
    """Return a layer with its weights, exactly as they are stored."""
    weights = {}
    for key, declared in node.weights.items():
        precision = stored_precision(node.kind, key, declared.shape, generator.arithmetic)
        scale = generator.packed.get((node.name, scale_name(key)))
        packed = generator.packed[node.name, key]
        weights[key] = unpack(node.kind, key, packed, declared.shape, precision, scale)
    return node.with_weights(**weights)


def hidden_of(generator: Generator, shapes: Network, last: Node, x: Float32) -> Float32:
    """Return what the last layer reads for input vectors (n, n_in)."""
    before = [stored(generator, node) for node in shapes.nodes[: shapes.nodes.index(last)]]
    network = Network(shapes.inputs, before, last.inputs)
    return np.asarray(evaluate(network, generator.split(x), np.float32))


def occupancy(generator: Generator, node: Node, hidden: Array, limits: Array) -> float:
    """Return the share of cells above the threshold at the lowest energy, from few of the tiles.

    It looks at a sixteenth of the weights, so that asking costs little where the answer is no.
    """
    kernel, bias = (generator.packed[node.name, key] for key in ("kernel", "bias"))
    scale = generator.packed.get((node.name, scale_name("kernel")))
    tiles = slice(0, len(kernel) - 1, FEW)  # the last one may be padded
    few = kernel[tiles]
    precision = stored_precision(
        node.kind, "kernel", node.weights["kernel"].shape, generator.arithmetic
    )
    steps = None if scale is None else scale.reshape(-1, TILE)[tiles].reshape(-1)
    weights = unpack_kernel(few, (hidden.shape[1], len(few) * TILE), precision, steps)
    sums = hidden[:SHOWERS] @ weights + bias.reshape(-1, TILE)[tiles].reshape(-1)
    return float((sums >= limits[:SHOWERS, None]).mean())


def last_layer(network: Network) -> tuple[Node, str] | None:
    """Return the dense layer that makes the output, with its activation, if it can skip."""
    node, function = network.nodes[-1], "linear"
    if network.outputs != (node.name,):
        return None
    if node.kind == "activation":
        function = node.attributes["function"]
        before = [other for other in network.nodes if other.name == node.inputs[0]]
        plain = {"function", "negative_slope"}.issuperset(node.attributes)
        grows = node.attributes.get("negative_slope", 0.0) >= 0
        if not before or not (plain and grows) or len(network.consumers(node.inputs[0])) != 1:
            return None
        node = before[0]
    large = node.kind == "dense" and node.weights["kernel"].shape[1] >= SMALLEST_LAYER
    one_vector = len(network.shapes[node.name]) == 1
    return (node, function) if large and one_vector and function in FUNCTIONS else None


def showers(sampling: Sampling) -> tuple[Float64, Float32]:
    """Return incident energies and input vectors of showers over the whole trained range."""
    n = ENERGIES * SHOWERS
    random = np.random.Generator(np.random.Philox(SEED))
    conditions: dict[str, Array] = {}
    for condition in sampling.conditions:
        if condition.categories:
            conditions[condition.name] = random.choice(np.array(condition.categories), n)
            continue
        low = 0.0 if condition.low is None else condition.low
        high = 1.0 if condition.high is None else condition.high
        fraction = random.random(n)
        if condition.name == "energy_mev":
            fraction = np.repeat(np.arange(ENERGIES) / (ENERGIES - 1), SHOWERS)
        values = low * (high / low) ** fraction if low > 0 else low + (high - low) * fraction
        conditions[condition.name] = np.clip(values, low, high)
    encoded = sampling.encoding.encode(conditions)
    energies = np.asarray(conditions["energy_mev"], dtype=np.float64)
    return energies, np.concatenate([sampling.noise.draw(n, SEED), encoded], axis=1)


def paying_up_to(factors: Array, shares: Array, worth: float) -> float:
    """Return the largest factor up to which the mean share stays within ``worth``, or 0."""
    best = 0.0
    for factor in np.unique(factors):
        if shares[factors == factor].mean() > worth:
            break
        best = float(factor)
    return best
