"""The plan of a network: its operations as rows of numbers, for the compiled interpreter.

Values live in a scratch row per shower. Reshape, dropout and the linear activation cost nothing:
they are other names for a place. A dense layer takes the activation behind it along, and the
last one writes to the caller's array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import codes
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.packing import TILE, packed_shape, stored_precision
from caloexport.runtime.precisions import precisions

#: precisions whose products are compiled
COMPILED = ("float32", "bfloat16", "bfloat16-a16", "int8", "int8-a8")
#: inputs of an int8 product: its sums have 32 bits
MOST_INPUTS = 131072
#: kinds that only rename a value
ALIASES = ("reshape", "dropout")
#: kinds whose outputs are inputs in another place
SELECTIONS = ("permute", "slice", "upsample", "pad")
KINDS = (
    *ALIASES,
    *SELECTIONS,
    *codes.COMBINATIONS,
    "dense",
    "activation",
    "normalization",
    "concatenate",
    "layer_normalization",
    "reduce",
    "maxout",
    "highway",
    "conv",
    "conv_transpose",
)
#: floats of scratch that one chunk of showers may take: 1 MB
SCRATCH = 1 << 18
#: floats that a rounded row of inputs may need on top of one per input
ROUNDED_ROW = 2 * 16
#: showers in a chunk at most; a multiple of the rows of every block of a product
LONGEST_CHUNK = 48


@dataclass(frozen=True)
class Plan:
    """A network ready to run.

    Attributes:
        table: (operations, columns) int64, see ``codes``.
        constants: (operations, 3) float32, constants of the activations.
        width: floats of scratch per shower.
        n_in, n_out: length of input and output vectors.
        keep: arrays whose addresses stand in the table; they must live as long as the plan.
    """

    table: Integers
    constants: Float32
    width: int
    n_in: int
    n_out: int
    keep: tuple[Array, ...] = field(repr=False)

    @cached_property
    def chunk(self) -> int:
        """Return how many showers pass through a layer together."""
        return max(1, min(LONGEST_CHUNK, SCRATCH // max(1, self.width)))

    @cached_property
    def head(self) -> Integers:
        """Where the interpreter starts: (7,) int64, see ``codes``."""
        numbers = {
            codes.HEAD_TABLE: self.table.ctypes.data,
            codes.HEAD_STEPS: len(self.table),
            codes.HEAD_CONSTANTS: self.constants.ctypes.data,
            codes.HEAD_WIDTH: self.width,
            codes.HEAD_CHUNK: self.chunk,
            codes.HEAD_N_IN: self.n_in,
            codes.HEAD_N_OUT: self.n_out,
        }
        return np.array([numbers[place] for place in sorted(numbers)], dtype=np.int64)

    @cached_property
    def address(self) -> int:
        """Return the address of the head; the plan must outlive its use."""
        return int(self.head.ctypes.data)

    def scratch(self, n: int) -> int:
        """Return how many floats of working space the interpreter needs for n showers."""
        rows = min(n, self.chunk)
        each, whatever = self._rounded
        return rows * self.width + 2 * TILE + max(each * rows, whatever)

    @cached_property
    def _rounded(self) -> tuple[int, int]:
        """Room for the rounded inputs of the largest product, with a header of each row.

        The first is for each shower, where a product takes one row of each; the second for all
        the positions that one shower gives to a product.
        """
        operation, n_in = self.table[:, codes.OPERATION], self.table[:, codes.N_IN]
        positions = self.table[:, codes.POSITIONS]
        blocks = (operation == codes.CONVOLVE) | (operation == codes.SPREAD)
        products, single = (operation == codes.DENSE) | blocks, positions == 1
        together = np.where(blocks, np.minimum(positions, codes.POSITIONS_TOGETHER), positions)
        room = (n_in + ROUNDED_ROW) * together
        each, whatever = room[products & single], room[products & ~single]
        return int(each.max(initial=0)), int(whatever.max(initial=0))


@dataclass(frozen=True)
class Step:
    """One row of the plan, before it becomes numbers."""

    numbers: Mapping[int, int]
    constants: tuple[float, ...] = ()


def refusal(manifest: Manifest) -> UnsupportedError | None:
    """Return why a network cannot be compiled, naming the layer, or None."""
    if manifest.precision not in COMPILED:
        return UnsupportedError(f"the numba backend has no kernels for {manifest.precision}")
    for node in manifest.network["nodes"]:
        what = not_compiled(node["kind"], node["attributes"])
        what = what or too_long(node, manifest.precision)
        if what is not None:
            reason = f"the numba backend does not compile {what}"
            hint = "the numpy backend runs it: --backend numpy"
            return UnsupportedError(reason, where=f"layer '{node['name']}'", hint=hint)
    return None


def too_long(node: Mapping[str, Any], precision: str) -> str | None:
    """Say which kernel has sums that do not fit."""
    for key, shape in node["weights"].items():
        stored = stored_precision(node["kind"], key, tuple(shape), precision)
        tiles = packed_shape(node["kind"], key, tuple(shape))
        if precisions[stored].scaled and tiles is not None and tiles[1] > MOST_INPUTS:
            return f"{stored} products of more than {MOST_INPUTS} inputs"
    return None


def lacking_instructions(manifest: Manifest) -> UnsupportedError | None:
    """Return why this CPU cannot compute a network as its precision says, or None."""
    from caloexport.runtime.kernels.level import HAS_BF16_DOT, LEVEL

    if manifest.precision != "bfloat16-a16" or HAS_BF16_DOT:
        return None
    reason = f"{manifest.precision} needs the dot products of AVX-512 BF16"
    hint = "the precision bfloat16 runs everywhere; the numpy backend runs this one"
    return UnsupportedError(reason, where=f"instruction level {LEVEL}", hint=hint)


def not_compiled(kind: str, attributes: Mapping[str, Any]) -> str | None:
    """Say what of a layer has no kernel."""
    if kind not in KINDS:
        return f"layers of kind '{kind}'"
    if kind == "conv" and attributes.get("groups", 1) != 1:
        return "convolutions in groups"
    if kind == "highway":
        function = attributes["activation"]["function"]
        return None if function in codes.ACTIVATIONS else f"the inner activation '{function}'"
    if kind == "activation":
        function = attributes.get("function")
        known = function in codes.ACTIVATIONS or function in codes.SOFTMAXES
        return None if known else f"the activation '{function}'"
    return None
