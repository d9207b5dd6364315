"""All tiles of a kernel, on all rows: which form of the product takes which part.

Weights of one tile are read once while all rows pass. A single row reads two tiles at once, of the
first and of the second half of the kernel, where the storage says so: memory serves two streams
faster than one, and more sums are in flight than an addition is long.
"""

from __future__ import annotations

from typing import Any

from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.product import ROW_BYTES, Form, make_product
from caloexport.runtime.kernels.storages.table import STORAGES
from caloexport.runtime.packing import TILE

FLOAT_BYTES, LANES = 4, 16
#: tiles that a block of rows passes before the next block, and bytes of their weights at most:
#: they stay in the second cache
LONGEST_RUN, WEIGHTS_OF_RUN = 16, 1 << 18


def make_multiply(storage: int) -> Any:
    """Return a compiled function for kernels of one storage.

    Its arguments, addresses, distances in bytes and numbers:
        kernel, bias, scale: of the layer.
        n_in, n_out: of the layer.
        inputs, stride, rows: as the storage wants them.
        function, constants, trained, trained_step: of an activation in registers.
        factors, factor_step, threshold: see ``epilogue``.
        target, gap: where the results go.
        hot: 1 where the kernel is expected in the caches, else 0.
    """
    per_word = STORAGES[storage].inputs_per_word
    together, vectors = STORAGES[storage].block
    streams_hot, streams_cold = STORAGES[storage].streams
    one, block = make_run(storage, 1, 4), make_run(storage, together, vectors)
    pair = make_product(Form(storage, 1, 4, tiles=2))

    @inner
    def multiply(
        kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
        trained_step, factors, factor_step, threshold, target, gap, hot,
    ):  # fmt: skip
        tile_bytes = (n_in + per_word - 1) // per_word * ROW_BYTES
        streams = streams_hot if hot else streams_cold
        pairs = n_out // TILE // 2 if rows == 1 and streams == 2 else 0
        for tile in range(pairs):
            shift = tile * ROW_BYTES
            pair(
                kernel + tile * tile_bytes, pairs * tile_bytes, pairs, inputs, stride, n_in,
                bias + shift, scale + shift, function, constants, trained + trained_step * shift,
                trained_step, factors, factor_step, threshold, target + shift, gap, TILE,
            )  # fmt: skip
        tiles, blocks = (n_out + TILE - 1) // TILE, rows // together * together
        # a run of tiles before the next rows: results are then written in runs that memory likes
        run = max(1, min(LONGEST_RUN, WEIGHTS_OF_RUN // tile_bytes)) if blocks > 0 else tiles
        for first in range(2 * pairs, tiles, run):
            last = min(tiles, first + run)
            for row in range(0, blocks, together):
                block(
                    kernel, first, last, tile_bytes, inputs + row * stride, stride, n_in, n_out,
                    bias, scale, function, constants, trained, trained_step,
                    factors + row * factor_step, factor_step, threshold, target + row * gap, gap,
                )  # fmt: skip
            for row in range(blocks, rows):
                one(
                    kernel, first, last, tile_bytes, inputs + row * stride, stride, n_in, n_out,
                    bias, scale, function, constants, trained, trained_step,
                    factors + row * factor_step, factor_step, threshold, target + row * gap, gap,
                )  # fmt: skip

    return multiply


def make_rounding_multiply(storage: int, write_row: Any, row_bytes: Any) -> Any:
    """Return a compiled function like ``make_multiply``'s for a storage that rounds its inputs.

    One more argument, the last, is the address of room for all rows.

    Args:
        storage: of the kernel.
        write_row: compiled function (inputs, n_in, target) on addresses, which writes a row as
            the products read it.
        row_bytes: compiled function (n_in): room that a row takes.
    """
    multiply_rounded = make_multiply(storage)

    @inner
    def multiply(
        kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
        trained_step, factors, factor_step, threshold, target, gap, hot, room,
    ):  # fmt: skip
        size = row_bytes(n_in)
        for row in range(rows):
            write_row(inputs + row * stride, n_in, room + row * size)
        multiply_rounded(
            kernel, bias, scale, n_in, n_out, room, size, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot,
        )  # fmt: skip

    return multiply


def make_run(storage: int, rows: int, most: int) -> Any:
    """Return a compiled function for neighbouring tiles, on some rows; see ``make_tile``."""
    tile = make_tile(storage, rows, most)

    @inner
    def run(
        kernel, first, last, tile_bytes, inputs, stride, n_in, n_out, bias, scale, function,
        constants, trained, trained_step, factors, factor_step, threshold, target, gap,
    ):  # fmt: skip
        for k in range(first, last):
            shift = k * ROW_BYTES
            tile(
                kernel + k * tile_bytes, inputs, stride, n_in, bias + shift, scale + shift,
                function, constants, trained + trained_step * shift, trained_step, factors,
                factor_step, threshold, target + shift, gap, min(TILE, n_out - k * TILE),
            )  # fmt: skip

    return run


def make_tile(storage: int, rows: int, most: int) -> Any:
    """Return a compiled function for the first ``count`` outputs of a tile.

    Outputs are multiplied ``most`` vectors at a time, or as many fewer as hold the rest.
    """
    forms = {v: make_product(Form(storage, rows, v)) for v in (1, min(2, most), most)}
    one, two, many = forms[1], forms[min(2, most)], forms[most]
    width = most * LANES

    @inner
    def tile(
        weights, inputs, stride, n_in, bias, scale, function, constants, trained, trained_step,
        factors, factor_step, threshold, target, gap, count,
    ):  # fmt: skip
        for first in range(0, count, width):
            shift = first * FLOAT_BYTES
            rest = min(width, count - first)
            if rest > 2 * LANES:
                many(
                    weights + shift, 0, 0, inputs, stride, n_in, bias + shift, scale + shift,
                    function, constants, trained + trained_step * shift, trained_step, factors,
                    factor_step, threshold, target + shift, gap, rest,
                )  # fmt: skip
            elif rest > LANES:
                two(
                    weights + shift, 0, 0, inputs, stride, n_in, bias + shift, scale + shift,
                    function, constants, trained + trained_step * shift, trained_step, factors,
                    factor_step, threshold, target + shift, gap, rest,
                )  # fmt: skip
            else:
                one(
                    weights + shift, 0, 0, inputs, stride, n_in, bias + shift, scale + shift,
                    function, constants, trained + trained_step * shift, trained_step, factors,
                    factor_step, threshold, target + shift, gap, rest,
                )  # fmt: skip

    return tile
