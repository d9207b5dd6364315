"""A dense layer on several showers: tile by tile, everything in registers until it is stored."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.activations import activate
from caloexport.runtime.kernels.casts import address_of, floats_at
from caloexport.runtime.kernels.codes import (
    FIRST,
    FUNCTION,
    HOT,
    N_IN,
    N_OUT,
    SCALE,
    SECOND,
    STORAGE,
    STORAGES,
    TRAINED,
    TRAINED_STEP,
)
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.elementwise import store
from caloexport.runtime.kernels.epilogue import LINEAR, applied_in_registers
from caloexport.runtime.kernels.int8_activations import make_quantise, packed_bytes
from caloexport.runtime.kernels.level import HAS_BF16_DOT
from caloexport.runtime.kernels.multiply import make_multiply, make_rounding_multiply
from caloexport.runtime.kernels.storages.bfloat16_dot import round_row, rounded_bytes

_f = np.float32
FLOAT_BYTES, VECTOR_BYTES = 4, 64
ONE, LOWEST = _f(1), _f(-np.inf)
FLOAT32, BFLOAT16 = STORAGES["float32"], STORAGES["bfloat16"]
BFLOAT16_DOT = STORAGES["bfloat16-a16"]
INT8, INT8_A8 = STORAGES["int8"], STORAGES["int8-a8"]


@inner
def unavailable(
    kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
    trained_step, factors, factor_step, threshold, target, gap, hot, room,
):  # fmt: skip
    """Do nothing: in place of a multiplication that no plan of this CPU asks for."""


multiply_float32 = make_multiply(FLOAT32)
multiply_bfloat16 = make_multiply(BFLOAT16)
# where the CPU lacks the instruction, plans with this storage are refused
multiply_bfloat16_dot = (
    make_rounding_multiply(BFLOAT16_DOT, round_row, rounded_bytes) if HAS_BF16_DOT else unavailable
)
multiply_int8 = make_rounding_multiply(INT8, make_quantise(16), packed_bytes)
multiply_int8_a8 = make_rounding_multiply(INT8_A8, make_quantise(8), packed_bytes)


@inner
def dense(step, constants, room, inputs, stride, rows, target, gap, factors, n_factors, threshold):
    """Multiply ``rows`` inputs with a kernel.

    Args:
        step, constants: row of the plan.
        room: address of working space.
        inputs: address of the first input; they are ``stride`` floats apart.
        target: address of the first result; they are ``gap`` floats apart.
        factors: address of ``n_factors`` factors: none (results are kept as they are), one, or
            one per row.
        threshold: results times their factor that are below become 0, when there are factors.
    """
    function = step[FUNCTION]
    early = applied_in_registers(function)
    floats_at(room)[0] = ONE
    scaled = early and n_factors > 0
    each = factors if scaled else room
    factor_step = FLOAT_BYTES if scaled and n_factors > 1 else 0
    cut = threshold if scaled else LOWEST
    multiply(
        step, address_of(constants), room + VECTOR_BYTES, inputs, stride * FLOAT_BYTES, rows,
        function if early else LINEAR, each, factor_step, cut, target, gap * FLOAT_BYTES,
    )  # fmt: skip
    if not early:
        finish_late(step, constants, rows, target, gap, factors, n_factors, threshold)


@inner
def multiply(
    step, constants, room, inputs, stride, rows, function, factors, factor_step, threshold, target,
    gap,
):  # fmt: skip
    """Multiply by the function of the kernel's storage; ``stride`` and ``gap`` are in bytes."""
    kernel, bias, scale = step[FIRST], step[SECOND], step[SCALE]
    n_in, n_out, hot = step[N_IN], step[N_OUT], step[HOT]
    trained, trained_step = step[TRAINED], step[TRAINED_STEP]
    storage = step[STORAGE]
    if storage == FLOAT32:
        multiply_float32(
            kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot,
        )  # fmt: skip
    elif storage == BFLOAT16:
        multiply_bfloat16(
            kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot,
        )  # fmt: skip
    elif storage == BFLOAT16_DOT:
        multiply_bfloat16_dot(
            kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot, room,
        )  # fmt: skip
    elif storage == INT8:
        multiply_int8(
            kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot, room,
        )  # fmt: skip
    else:
        multiply_int8_a8(
            kernel, bias, scale, n_in, n_out, inputs, stride, rows, function, constants, trained,
            trained_step, factors, factor_step, threshold, target, gap, hot, room,
        )  # fmt: skip


@inner
def finish_late(step, constants, rows, target, gap, factors, n_factors, threshold):
    """Apply an activation that has no form in registers, then factor and threshold."""
    n_out = step[N_OUT]
    for row in range(rows):
        values = floats_at(target + row * gap * FLOAT_BYTES)
        trained = floats_at(step[TRAINED])
        activate(step[FUNCTION], values, n_out, constants, trained, step[TRAINED_STEP])
        if n_factors > 0:
            factor = floats_at(factors)[row if n_factors > 1 else 0]
            store(values, n_out, values, factor, threshold)
