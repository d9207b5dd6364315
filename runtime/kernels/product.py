"""The product of rows of inputs with tiles of a kernel, accumulated in registers.

One function is emitted per *form*: how the weights are stored, how many rows and vectors are
multiplied together, and how many tiles are read at once. Each output is summed over k in order,
whatever the form: a shower gets the same bits alone and in a batch, from one stream or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import (
    VECTOR,
    VECTOR_BYTES,
    load,
    number,
)
from caloexport.runtime.kernels.epilogue import Epilogue
from caloexport.runtime.kernels.storages import Storage
from caloexport.runtime.kernels.storages.table import STORAGES
from caloexport.runtime.packing import TILE

ROW_BYTES = TILE * 4

#: what a product takes: addresses, distances in bytes, numbers, and the threshold
ARGUMENTS = (
    "weights",  # address of the tile: (words, 64) of 32 bits
    "second",  # bytes from there to the other tile, for forms that read two
    "tiles_ahead",  # how many tiles that is
    "inputs",  # address of the first row, as the storage wants it
    "stride",  # bytes to the next row
    "n_in",  # inputs
    "bias",  # address of the tile's (64,)
    "scale",  # address of the tile's (64,), for storages that have scales
    "function", "constants", "trained", "trained_step", "factors", "factor_step", "threshold",
    "target", "gap", "count",  # see ``epilogue.Epilogue``
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One shape of a product.

    Attributes:
        storage: of the weights, an entry of ``STORAGES``.
        rows: showers together.
        vectors: of sixteen outputs, of each tile.
        tiles: read at once; the second one stands whole tiles behind the first.
    """

    storage: int
    rows: int
    vectors: int
    tiles: int = 1


def make_product(form: Form) -> Any:
    """Return a compiled function of ``ARGUMENTS``."""
    kinds = [types.float32 if name == "threshold" else types.int64 for name in ARGUMENTS]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_product(builder, form, dict(zip(ARGUMENTS, arguments, strict=True)))
        return context.get_dummy_value()

    @intrinsic  # type: ignore[untyped-decorator]
    def product(
        context: Any, weights: Any, second: Any, tiles_ahead: Any, inputs: Any, stride: Any, n_in: Any, bias: Any,
        scale: Any, function: Any, constants: Any, trained: Any, trained_step: Any, factors: Any,
        factor_step: Any, threshold: Any, target: Any, gap: Any, count: Any,
    ) -> Any:  # fmt: skip
        return types.void(*kinds), generate

    return product


def emit_product(builder: Any, form: Form, given: dict[str, Any]) -> None:
    """Emit a product: the loop over k, then the epilogue of every tile."""
    storage = STORAGES[form.storage]
    rows = [
        builder.add(given["inputs"], builder.mul(given["stride"], number(row)))
        for row in range(form.rows)
    ]
    tiles = [place_of(builder, given, k) for k in range(form.tiles)]
    slots = [
        [first_sums(builder, storage, form, tile["bias"], row) for row in rows] for tile in tiles
    ]
    n_in = given["n_in"]
    each = [places for tile in slots for row in tile for places in row]
    with storage.loop(builder, storage.words(builder, n_in), each) as word:
        offset = builder.mul(word, number(ROW_BYTES))
        columns = [
            [
                load(builder, tile["weights"], builder.add(offset, number(place)), storage.kind)
                for place in vector_places(form)
            ]
            for tile in tiles
        ]
        for r, row in enumerate(rows):
            x = storage.inputs(builder, row, word, n_in)
            for sums_of_tile, column in zip(slots, columns, strict=True):
                for places, weights in zip(sums_of_tile[r], column, strict=True):
                    sums = [builder.load(place) for place in places]
                    changed = storage.accumulate(builder, sums, weights, x)
                    for place, total in zip(places, changed, strict=True):
                        builder.store(total, place)
    for tile, of_tile in zip(tiles, slots, strict=True):
        finish(builder, storage, form, tile, rows, of_tile)


def place_of(builder: Any, given: dict[str, Any], tile: int) -> dict[str, Any]:
    """Return the arguments of the first or the second tile."""
    if tile == 0:
        return given
    weights = builder.add(given["weights"], given["second"])
    # one tile of weights is n words long and belongs to one row of everything else
    ahead = builder.mul(given["tiles_ahead"], number(ROW_BYTES))
    moved = {key: builder.add(given[key], ahead) for key in ("bias", "scale", "target")}
    trained = builder.add(given["trained"], builder.mul(ahead, given["trained_step"]))
    return {**given, **moved, "weights": weights, "trained": trained}


def vector_places(form: Form) -> range:
    """Return where in a row of a tile the form's vectors begin, in bytes."""
    return range(0, form.vectors * VECTOR_BYTES, VECTOR_BYTES)


def first_sums(builder: Any, storage: Storage, form: Form, bias: Any, row: Any) -> list[list[Any]]:
    """Return the accumulators of one row and tile; LLVM keeps them in registers."""
    slots = []
    for place in vector_places(form):
        begin = storage.start(builder, load(builder, bias, number(place)), row)
        slots.append([cgutils.alloca_once(builder, total.type) for total in begin])
        for slot, total in zip(slots[-1], begin, strict=True):
            builder.store(total, slot)
    return slots


def finish(
    builder: Any,
    storage: Storage,
    form: Form,
    tile: dict[str, Any],
    rows: list[Any],
    slots: list[list[list[Any]]],
) -> None:
    """Emit what follows the sums of one tile."""
    epilogue = Epilogue(**{key: tile[key] for key in Epilogue.ARGUMENTS})
    results: list[list[Any]] = []
    for row, of_row in zip(rows, slots, strict=True):
        results.append([])
        for place, sums in zip(vector_places(form), of_row, strict=True):
            bias = load(builder, tile["bias"], number(place))
            scale = builder.add(tile["scale"], number(place))
            loaded = [builder.load(slot) for slot in sums]
            x = cgutils.alloca_once(builder, VECTOR)
            builder.store(storage.result(builder, loaded, bias, scale, row), x)
            results[-1].append(x)
    epilogue.activate(builder, [x for row in results for x in row], form.vectors)
    for row, of_row in enumerate(results):
        epilogue.finish(builder, of_row, row)
