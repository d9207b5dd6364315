"""What flows along the edges of an ONNX graph while it is translated.

An operand is a constant (a numpy array, of Python objects where a size is the symbolic batch), a
:class:`Value` that a layer makes, or a :class:`Condition`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Shape


@dataclass(frozen=True, order=True)
class Batch:
    """A size that is a multiple of the number of showers, which is known only when it runs.

    >>> Batch() * 6 // 2
    Batch(factor=3)
    """

    factor: int = 1

    def __mul__(self, other: Any) -> Batch:
        return Batch(self.factor * int(other))

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Batch:
        if self.factor % int(other):
            message = f"{self.factor} times the number of showers is not divisible by {other}"
            raise ValueError(message)
        return Batch(self.factor // int(other))

    __truediv__ = __floordiv__


#: an axis of an ONNX tensor that is no axis of the layer's output: the showers, or a size of 1
BATCH, UNIT = -1, -2


@dataclass(frozen=True)
class Value:
    """The output of a layer, seen as an ONNX tensor.

    Layers have channels last and no batch axis; ``axes`` tells where their axes are in the
    tensor, so that transposing, squeezing and unsqueezing cost nothing.

    Attributes:
        name: of the layer or network input.
        shape: of the layer's output.
        axes: for each axis of the tensor the axis of the layer, BATCH or UNIT. Axes of the layer
            that are not listed have size 1.
        merged: the first axis of the tensor is the batch times the first axis of the layer.
        whole: the file computes with whole numbers here, which layers do not.
        rounded: they come from a cast of floats, which takes their fractions away.

    >>> Value("x", (18, 50, 3), (BATCH, 2, 0, 1)).dims
    (Batch(factor=1), 3, 18, 50)
    """

    name: str
    shape: Shape
    axes: tuple[int, ...]
    merged: bool = False
    whole: bool = False
    rounded: bool = False

    @property
    def dims(self) -> tuple[int | Batch, ...]:
        """Return the sizes of the tensor."""
        batch = Batch(self.shape[0] if self.merged else 1)
        sizes: dict[int, int | Batch] = {BATCH: batch, UNIT: 1}
        return tuple(sizes[axis] if axis < 0 else self.shape[axis] for axis in self.axes)

    @property
    def rank(self) -> int:
        """Return the number of axes of the tensor."""
        return len(self.axes)


@dataclass(frozen=True)
class Condition:
    """A comparison of a value with a number, which only Where reads.

    Attributes:
        operator: ``"Greater"``, ``"GreaterOrEqual"``, ``"Less"`` or ``"LessOrEqual"``.
        value: the left side.
        threshold: the right side.
    """

    operator: str
    value: Value
    threshold: float

    @property
    def border(self) -> float:
        """Return the least float32 that is above, where the comparison is of the kind x ≥ border."""
        strict = self.operator in ("Greater", "LessOrEqual")
        up = np.nextafter(np.float32(self.threshold), np.float32(np.inf))
        return float(up) if strict else self.threshold


Operand = Value | Condition | Array


def symbolic(sizes: tuple[int | Batch, ...]) -> Array:
    """Return a shape as a constant: whole numbers, or objects where a size is the batch."""
    if not any(isinstance(size, Batch) for size in sizes):
        return np.array(sizes, dtype=np.int64)
    found = np.empty(len(sizes), dtype=object)
    for place, size in enumerate(sizes):
        found[place] = size
    return found
