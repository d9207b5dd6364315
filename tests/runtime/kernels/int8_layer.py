"""Dense layers with int8 kernels, and activations that are hard to multiply with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.plan import MOST_INPUTS, Plan
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import pack_kernel, pack_vector
from caloexport.runtime.quantised_product import quantised_product

BITS = {"int8": 16, "int8-a8": 8}
#: around words of four inputs, vectors of sixteen, blocks of 256 and what float32 adds exactly
SHAPES = [
    (1, 1), (2, 15), (3, 16), (4, 17), (5, 64), (15, 65), (16, 130), (17, 700), (100, 300),
    (255, 33), (256, 49), (257, 128), (300, 129), (1008, 64), (1041, 70), (1100, 20),
]  # fmt: skip
ROWS = (1, 2, 3, 4, 5, 6, 7, 13)


class Layer:
    """A dense layer with an int8 kernel of random whole numbers."""

    def __init__(self, n_in: int, n_out: int, precision: str) -> None:
        rng = np.random.default_rng(n_in * 1000 + n_out)
        self.q = rng.integers(-127, 128, (n_in, n_out))
        self.scale = rng.uniform(1e-3, 1e-2, n_out).astype("f4")
        self.bias = rng.standard_normal(n_out).astype("f4")
        self.precision = precision

    def plan(self, *, hot: bool = False, positions: int = 1) -> Plan:
        weights = {"kernel": self.q.astype("f4"), "bias": self.bias}
        node = Node("dense", "dense", ("x",), {}, weights)
        shape = (len(self.q),) if positions == 1 else (positions, len(self.q))
        generator = Generator.from_network(Network({"x": shape}, [node], ["dense"]))
        packed = dict(generator.packed)
        packed["dense", "kernel"] = pack_kernel(weights["kernel"], "int8", np.ones_like(self.scale))
        packed["dense", "kernel_scale"] = pack_vector(self.scale, 64)
        manifest = replace(generator.manifest, precision=self.precision)
        return make_plan(manifest, packed, hot=hot)

    def expected(self, x: Array) -> Float32:
        return quantised_product(x, self.q, self.scale, self.bias, BITS[self.precision])


def showers(n_in: int) -> Float32:
    return np.random.default_rng(n_in).standard_normal((max(ROWS), n_in)).astype("f4")


def extremes() -> Iterator[Float32]:
    """Yield activations (3, 37) that are hard to round; the second row is an ordinary one."""
    ordinary = showers(37)[:3]
    for size in (0.0, 1e-45, 1e-38, 1e-30, 1e30, 3e38, np.inf, -np.inf, np.nan):
        for others in (1.0, 0.0):
            x = ordinary.copy()
            x[0] *= np.float32(others)
            x[0, 36] = size
            x[2] = size
            yield x


def largest_sums(precision: str) -> Iterator[tuple[Layer, Float32]]:
    """Yield layers and activations (4, n_in) with the largest sums of all, and of either sign.

    They wrap around on the way unless care is taken.
    """
    for n_in in (9000, MOST_INPUTS):
        layer = Layer(n_in, 5, precision)
        layer.q[:] = 127 * np.where(np.arange(5) % 2, 1, -1)
        x = np.ones((4, n_in), dtype="f4")
        x[1] = np.where(np.arange(n_in) % 3, -1, 0.996)  # low bytes of either sign
        x[2, 1:] = 128 / 32639  # the most negative low byte
        x[3, 1:] = -x[2, 1:]
        yield layer, x
