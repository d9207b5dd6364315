"""Casts that numba does not offer: addresses to pointers, a float32 and its bits."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from caloexport.runtime.kernels.emit import FLOAT, WORD


def _pointer_cast(element: Any, pointed: Any) -> Any:
    result: Any = types.CPointer(element)  # type: ignore[attr-defined]

    @intrinsic  # type: ignore[untyped-decorator]
    def cast(context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], pointed.as_pointer())

        return result(types.int64), generate

    return cast


def _bit_cast(source: Any, result: Any, kind: Any) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def cast(context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], kind)

        return result(source), generate

    return cast


@intrinsic  # type: ignore[untyped-decorator]
def address_of(context: Any, place: Any) -> Any:
    """Return the address that a pointer holds."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ptrtoint(arguments[0], ir.IntType(64))

    return types.int64(place), generate


#: address -> pointer, which compiled code indexes like an array
floats_at = _pointer_cast(types.float32, FLOAT)
integers_at = _pointer_cast(types.int64, ir.IntType(64))
doubles_at = _pointer_cast(types.float64, ir.DoubleType())
integers32_at = _pointer_cast(types.int32, WORD)
bytes_at = _pointer_cast(types.uint8, ir.IntType(8))
doubles_at = _pointer_cast(types.float64, ir.DoubleType())
#: float32 -> its bits as int32, and back
bits_of = _bit_cast(types.float32, types.int32, WORD)
float_of = _bit_cast(types.int32, types.float32, FLOAT)
