"""The bound of every tile of a layer: whole numbers, sixteen outputs to a register.

See ``runtime.skipping`` for what the numbers mean. A word holds four codes of one output, 0 to
255; as 16-bit pairs they are multiplied and added two by two (``vpmaddwd``, exact: no pair
exceeds 2·255·32767).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import LANES, WORD
from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.packing import TILE
from caloexport.runtime.skipping import ROWS, TOGETHER

INDEX, BYTE, HALF = ir.IntType(64), ir.IntType(8), ir.IntType(16)
WORDS = ir.VectorType(WORD, LANES)
HALVES = ir.VectorType(HALF, 2 * LANES)
VECTORS, WORD_ROWS = TILE // LANES, ROWS // TOGETHER
TILE_WORDS = WORD_ROWS * TILE
LOW_BYTES = 0x00FF00FF


@intrinsic  # type: ignore[untyped-decorator]
def mark_tiles(context: Any, codes: Any, inputs: Any, tiles: Any, limit: Any, marks: Any) -> Any:
    """Write for every tile whether one of its sums reaches the limit.

    Shapes of what the addresses point to:
        codes: (tiles, 8, 64, 4) bytes.
        inputs: (8, 2) words: of the four numbers of a row the first and third, second and fourth.
        marks: (tiles,) bytes, 1 or 0.
    """
    signature = types.void(*(types.int64,) * 5)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit_marks(builder, *arguments)
        return context.get_dummy_value()

    return signature, generate


def emit_marks(builder: Any, codes: Any, inputs: Any, tiles: Any, limit: Any, marks: Any) -> None:
    """Emit the loop over tiles, with all inputs in registers."""
    codes, inputs = (builder.inttoptr(place, WORD.as_pointer()) for place in (codes, inputs))
    marks = builder.inttoptr(marks, BYTE.as_pointer())
    pairs = [splat(builder, read_word(builder, inputs, k)) for k in range(2 * WORD_ROWS)]
    lowest = splat(builder, builder.trunc(limit, WORD))
    low_bytes = ir.Constant(WORDS, [LOW_BYTES] * LANES)
    eight = ir.Constant(HALVES, [8] * 2 * LANES)
    with cgutils.for_range(builder, tiles, intp=INDEX) as loop:
        start = builder.mul(loop.index, ir.Constant(INDEX, TILE_WORDS))
        reached = None
        for v in range(VECTORS):
            total = None
            for row in range(WORD_ROWS):
                at = builder.add(start, ir.Constant(INDEX, row * TILE + v * LANES))
                place = builder.bitcast(builder.gep(codes, [at]), WORDS.as_pointer())
                word = builder.load(place)
                word.align = 4
                even = builder.bitcast(builder.and_(word, low_bytes), HALVES)
                odd = builder.lshr(builder.bitcast(word, HALVES), eight)
                for part, pair in ((even, pairs[2 * row]), (odd, pairs[2 * row + 1])):
                    product = multiply_pairs(builder, part, pair)
                    total = product if total is None else builder.add(total, product)
            above = builder.icmp_signed(">=", total, lowest)
            reached = above if reached is None else builder.or_(reached, above)
        bits = builder.bitcast(reached, ir.IntType(LANES))
        mark = builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0))
        builder.store(builder.zext(mark, BYTE), builder.gep(marks, [loop.index]))


def read_word(builder: Any, base: Any, index: int) -> Any:
    """Load one word, of any alignment to four bytes."""
    return builder.load(builder.gep(base, [ir.Constant(INDEX, index)]))


def splat(builder: Any, word: Any) -> Any:
    """Return sixteen copies of a word."""
    undefined = ir.Constant(WORDS, ir.Undefined)
    first = builder.insert_element(undefined, word, ir.Constant(WORD, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(WORDS, [0] * LANES))


def multiply_pairs(builder: Any, codes: Any, pair: Any) -> Any:
    """Return sixteen sums of two products: codes (32 halves) times a pair in sixteen copies."""
    if LEVEL == "portable":
        return pairs_in_words(builder, codes, pair)
    name, lanes = {
        "avx512": ("llvm.x86.avx512.pmaddw.d.512", 2 * LANES),
        "avx2": ("llvm.x86.avx2.pmadd.wd", LANES),
    }[LEVEL]
    kind = ir.VectorType(HALF, lanes)
    result = ir.VectorType(WORD, lanes // 2)
    function = builder.module.globals.get(name)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(result, [kind, kind]), name)
    inputs = builder.bitcast(pair, HALVES)
    if lanes == 2 * LANES:
        return builder.call(function, [codes, inputs])
    parts = [
        builder.call(function, [half(builder, codes, k), half(builder, inputs, k)])
        for k in range(2)
    ]
    joined = ir.Constant(WORDS, list(range(LANES)))
    return builder.shuffle_vector(*parts, joined)


def half(builder: Any, halves: Any, which: int) -> Any:
    """Return the first or second sixteen of 32 halves."""
    lanes = [which * LANES + k for k in range(LANES)]
    chosen = ir.Constant(ir.VectorType(WORD, LANES), lanes)
    return builder.shuffle_vector(halves, ir.Constant(HALVES, ir.Undefined), chosen)


def pairs_in_words(builder: Any, codes: Any, pair: Any) -> Any:
    """Return the sums of two products with whole words alone, on any CPU."""
    sixteen = ir.Constant(WORDS, [16] * LANES)
    words = builder.bitcast(codes, WORDS)
    low = builder.and_(words, ir.Constant(WORDS, [0xFFFF] * LANES))
    high = builder.lshr(words, sixteen)
    first = builder.ashr(builder.shl(pair, sixteen), sixteen)
    return builder.add(builder.mul(low, first), builder.mul(high, builder.ashr(pair, sixteen)))
