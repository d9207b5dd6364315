"""Arithmetic on sixteen lanes that reads like formulas, while LLVM code is being emitted.

Every operation is rounded by itself: nothing is fused and no rule of arithmetic is used to
reorder, so the results have the bits of the same formula in numpy.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from caloexport.runtime.kernels.emit import FLOAT, INDEX, LANES, WORD, splat

#: the kind of lanes whose products are of 64 bits
LONG = INDEX


class Lanes:
    """Sixteen numbers of one kind: float32, int32 (signed) or int64 (used without sign).

    Operands may be other lanes of that kind, one scalar of LLVM, or a number of Python's.
    """

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    @classmethod
    def of(cls, builder: Any, kind: Any, number: Any) -> Lanes:
        """Return sixteen copies of a scalar of LLVM or of a number of Python's."""
        vector = ir.VectorType(kind, LANES)
        if not isinstance(number, ir.Value):
            plain = float(number) if kind == FLOAT else int(number)
            return cls(builder, ir.Constant(vector, [plain] * LANES))
        return cls(builder, splat(builder, number))

    @property
    def kind(self) -> Any:
        """Type of one lane."""
        return self.value.type.element

    def _with(self, other: Any) -> Any:
        same = other if isinstance(other, Lanes) else Lanes.of(self.builder, self.kind, other)
        return same.value

    def _do(self, operation: str, other: Any) -> Lanes:
        name = f"f{operation}" if self.kind == FLOAT else operation
        return Lanes(self.builder, getattr(self.builder, name)(self.value, self._with(other)))

    def __add__(self, other: Any) -> Lanes:
        return self._do("add", other)

    def __sub__(self, other: Any) -> Lanes:
        return self._do("sub", other)

    def __mul__(self, other: Any) -> Lanes:
        return self._do("mul", other)

    def __neg__(self) -> Lanes:
        return Lanes(self.builder, self.builder.fneg(self.value))

    def __and__(self, other: Any) -> Lanes:
        return Lanes(self.builder, self.builder.and_(self.value, self._with(other)))

    def __or__(self, other: Any) -> Lanes:
        return Lanes(self.builder, self.builder.or_(self.value, self._with(other)))

    def __xor__(self, other: Any) -> Lanes:
        return Lanes(self.builder, self.builder.xor(self.value, self._with(other)))

    def __rshift__(self, bits: int) -> Lanes:
        """Shift to lower bits, zeros follow."""
        return Lanes(self.builder, self.builder.lshr(self.value, self._with(bits)))

    def below(self, other: Any) -> Any:
        """Return where the lanes are smaller, as bits for ``where``; integers have signs."""
        if self.kind == FLOAT:
            return self.builder.fcmp_ordered("<", self.value, self._with(other))
        return self.builder.icmp_signed("<", self.value, self._with(other))

    def where(self, condition: Any, other: Lanes) -> Lanes:
        """Return these lanes where the condition holds, and the other's elsewhere."""
        return Lanes(self.builder, self.builder.select(condition, self.value, other.value))

    def low_words(self) -> Lanes:
        """Return the lower half of each int64 as int32."""
        return self._cast("trunc", WORD)

    def from_signed(self) -> Lanes:
        """Return int32 as the nearest float32."""
        return self._cast("sitofp", FLOAT)

    def from_unsigned(self) -> Lanes:
        """Return int32, read without sign, as the nearest float32."""
        return self._cast("uitofp", FLOAT)

    def as_bits(self) -> Lanes:
        """Return the bits of float32 as int32."""
        return self._cast("bitcast", WORD)

    def as_floats(self) -> Lanes:
        """Return the float32 whose bits these int32 are."""
        return self._cast("bitcast", FLOAT)

    def _cast(self, how: str, kind: Any) -> Lanes:
        value = getattr(self.builder, how)(self.value, ir.VectorType(kind, LANES))
        return Lanes(self.builder, value)

    def square_root(self) -> Lanes:
        """Return the correctly rounded square root of float32."""
        name = f"llvm.sqrt.v{LANES}f32"
        function = self.builder.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(self.value.type, [self.value.type])
            function = ir.Function(self.builder.module, kind, name)
        return Lanes(self.builder, self.builder.call(function, [self.value]))


def interleaved(left: Any, right: Any, builder: Any) -> Any:
    """Return the numbers of two vectors by turns: left 0, right 0, left 1, …"""
    n = left.type.count
    order = [place for lane in range(n) for place in (lane, n + lane)]
    return builder.shuffle_vector(left, right, ir.Constant(ir.VectorType(WORD, 2 * n), order))
