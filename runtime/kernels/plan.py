"""The plan of a network: its operations as rows of numbers, for the compiled interpreter.

Values live in a scratch row per shower. Reshape, dropout and the linear activation cost nothing:
they are other names for a place. A dense layer takes the activation behind it along, and the
last one writes to the caller's array.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import codes
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.packing import TILE

#: kinds that only rename a value
ALIASES = ("reshape", "dropout")
KINDS = (*ALIASES, "dense", "activation", "normalization", "concatenate", "add", "multiply")
#: floats of scratch that one chunk of showers may take: 1 MB
SCRATCH = 1 << 18
#: showers in a block of a product: six rows of sixteen sums fill twelve registers of AVX2
ROWS = 6
#: showers in a chunk at most; a multiple of the rows of a block
LONGEST_CHUNK = 48


@dataclass(frozen=True)
class Plan:
    """A network ready to run.

    Attributes:
        table: (operations, 12) int64, see ``codes``.
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

    def scratch(self, n: int) -> int:
        """Return how many floats of working space the interpreter needs for n showers."""
        rows = min(n, self.chunk)
        one_shower, all_positions = self._longest_inputs
        return rows * self.width + ROWS * TILE + max(rows * one_shower, all_positions)

    @cached_property
    def _longest_inputs(self) -> tuple[int, int]:
        dense = self.table[self.table[:, codes.OPERATION] == codes.DENSE]
        n_in = dense[:, codes.N_IN]
        return int(n_in.max(initial=0)), int((n_in * dense[:, codes.POSITIONS]).max(initial=0))


def refusal(manifest: Manifest) -> UnsupportedError | None:
    """Return why a network cannot be compiled, naming the layer, or None."""
    if manifest.precision != "float32":
        return UnsupportedError(f"the numba backend has no kernels for {manifest.precision}")
    for node in manifest.network["nodes"]:
        function = node["attributes"].get("function")
        known = function in codes.ACTIVATIONS or function in codes.SOFTMAXES
        if node["kind"] not in KINDS:
            reason = f"the numba backend does not compile layers of kind '{node['kind']}'"
        elif node["kind"] == "activation" and not known:
            reason = f"the numba backend does not compile the activation '{function}'"
        else:
            continue
        hint = "the numpy backend runs it: --backend numpy"
        return UnsupportedError(reason, where=f"layer '{node['name']}'", hint=hint)
    return None
