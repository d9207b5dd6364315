"""What happens to sums before they leave the registers: activation, factor, threshold, storing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from caloexport.runtime.kernels.codes import ACTIVATIONS
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    LANES,
    VECTOR,
    VECTOR_BYTES,
    constant,
    load,
    number,
    splat,
    store,
)
from caloexport.runtime.kernels.sigmoid import sigmoid


def relu(builder: Any, x: Any, constants: Sequence[Any]) -> Any:
    """Return the relu of Keras with its three options."""
    slope, threshold, ceiling = constants
    below = builder.fmul(slope, builder.fsub(x, threshold))
    y = builder.select(builder.fcmp_ordered("<", x, threshold), below, x)
    return builder.select(builder.fcmp_ordered(">", y, ceiling), ceiling, y)


def leaky_relu(builder: Any, x: Any, constants: Sequence[Any]) -> Any:
    """Return x where positive, slope·x elsewhere."""
    positive = builder.fcmp_ordered(">", x, constant(0.0))
    return builder.select(positive, x, builder.fmul(constants[0], x))


#: activations without trained parameters that are applied in registers
FUSED: dict[int, Callable[[Any, Any, Sequence[Any]], Any]] = {
    ACTIVATIONS["relu"]: relu,
    ACTIVATIONS["leaky_relu"]: leaky_relu,
    ACTIVATIONS["sigmoid"]: lambda builder, x, _: sigmoid(builder, x),
}
LINEAR, SWISH = ACTIVATIONS["linear"], ACTIVATIONS["swish"]
#: all that need no further pass
IN_REGISTERS = (LINEAR, SWISH, *FUSED)


@inner
def applied_in_registers(function):
    """Say whether products apply an activation themselves."""
    return function in IN_REGISTERS


class Epilogue:
    """The arguments of a product that say what to do with its sums.

    Args:
        function: code of an activation of ``IN_REGISTERS``.
        constants: address of its (3,) constants.
        trained: address of β of the tile's first output, or of one β.
        trained_step: 1 when there is a β per output, 0 when there is one.
        factors, factor_step: address of the first row's factor, bytes to the next one.
        threshold: results below become 0.
        target, gap: address of the first row's results, bytes to the next row's.
        count: how many of the tile's results are stored.
    """

    ARGUMENTS = (
        "function", "constants", "trained", "trained_step", "factors", "factor_step",
        "threshold", "target", "gap", "count",
    )  # fmt: skip

    def __init__(
        self, function: Any, constants: Any, trained: Any, trained_step: Any, factors: Any,
        factor_step: Any, threshold: Any, target: Any, gap: Any, count: Any,
    ) -> None:  # fmt: skip
        self.function, self.constants = function, constants
        self.trained, self.trained_step = trained, trained_step
        self.factors, self.factor_step, self.threshold = factors, factor_step, threshold
        self.target, self.gap, self.count = target, gap, count

    def activate(self, builder: Any, sums: Sequence[Any], column: int) -> None:
        """Apply the activation to sums in memory that LLVM keeps in registers.

        Args:
            sums: slots; one per row and vector, vectors of a row side by side.
            column: how many vectors a row has.
        """
        after = builder.append_basic_block("activated")
        choice = builder.switch(self.function, after)
        for code, formula in FUSED.items():
            block = builder.append_basic_block("activation")
            choice.add_case(number(code), block)
            builder.position_at_end(block)
            given = [self._constant(builder, k) for k in range(3)]
            for place in sums:
                builder.store(formula(builder, builder.load(place), given), place)
            builder.branch(after)
        block = builder.append_basic_block("swish")
        choice.add_case(number(SWISH), block)
        builder.position_at_end(block)
        for index, place in enumerate(sums):
            beta = self._beta(builder, index % column)
            x = builder.load(place)
            y = builder.fmul(x, sigmoid(builder, builder.fmul(beta, x)))
            builder.store(y, place)
        builder.branch(after)
        builder.position_at_end(after)

    def finish(self, builder: Any, sums: Sequence[Any], row: int) -> None:
        """Scale the sums of one row, cut them at the threshold and store them."""
        place = builder.mul(self.factor_step, number(row))
        factor = splat(builder, load(builder, self.factors, place, FLOAT))
        threshold = splat(builder, self.threshold)
        target = builder.add(self.target, builder.mul(self.gap, number(row)))
        results = []
        for slot in sums:
            x = builder.fmul(builder.load(slot), factor)
            below = builder.fcmp_ordered("<", x, threshold)
            results.append(builder.select(below, constant(0.0), x))
        whole = builder.icmp_signed(">=", self.count, number(len(sums) * LANES))
        with builder.if_else(whole, likely=True) as (then, otherwise):
            with then:
                for k, x in enumerate(results):
                    store(builder, x, target, number(k * VECTOR_BYTES))
            with otherwise:
                self._store_some(builder, results, target)

    def _store_some(self, builder: Any, results: Sequence[Any], target: Any) -> None:
        """Store the first results alone, through memory of the stack."""
        slot = cgutils.alloca_once(builder, ir.ArrayType(VECTOR, len(results)))
        room = builder.ptrtoint(slot, INDEX)
        for k, x in enumerate(results):
            store(builder, x, room, number(k * VECTOR_BYTES))
        with cgutils.for_range(builder, self.count, intp=INDEX) as loop:
            offset = builder.mul(loop.index, number(FLOAT_BYTES))
            store(builder, load(builder, room, offset, FLOAT), target, offset)

    def _constant(self, builder: Any, k: int) -> Any:
        return splat(builder, load(builder, self.constants, number(4 * k), FLOAT))

    def _beta(self, builder: Any, k: int) -> Any:
        """Return the β of vector k: sixteen of them, or one sixteen times."""
        many = builder.icmp_signed("!=", self.trained_step, number(0))
        with builder.if_else(many) as (then, otherwise):
            with then:
                each = load(builder, self.trained, number(k * VECTOR_BYTES))
                from_many = builder.basic_block
            with otherwise:
                one = splat(builder, load(builder, self.trained, number(0), FLOAT))
                from_one = builder.basic_block
        beta = builder.phi(VECTOR)
        beta.add_incoming(each, from_many)
        beta.add_incoming(one, from_one)
        return beta
