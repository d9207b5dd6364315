"""What flows along the edges of a graph while it is translated.

Constants are numpy arrays; shapes that hold the number of showers are arrays of objects with
:class:`Showers` in them. What depends on the inputs is a :class:`Tensor`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import MAX_VALUES, Shape


@dataclass(frozen=True)
class Showers:
    """A size that is ``factor`` times the number of showers.

    >>> import numpy as np
    >>> np.prod(np.array([Showers(1), 3, 4], dtype=object))
    Showers(factor=12)
    """

    factor: int = 1

    def __mul__(self, other: Any) -> Showers:
        if isinstance(other, (int, np.integer)) and other > 0:
            return Showers(self.factor * int(other))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Showers:
        if isinstance(other, (int, np.integer)) and other > 0 and self.factor % other == 0:
            return Showers(self.factor // int(other))
        return NotImplemented


Size = int | Showers


@dataclass(frozen=True)
class Tensor:
    """A tensor that depends on the inputs.

    Attributes:
        name: of the node (or network input) that makes it.
        shape: as networks see it, without the batch axis.
        batch: place of the batch axis among the axes that TensorFlow sees.
        merged: True where the batch axis is the showers times an axis of ``shape`` in the same
            place, as after a reshape of (n, steps, units) to (n·steps, units).
    """

    name: str
    shape: Shape
    batch: int = 0
    merged: bool = False

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The shape that TensorFlow sees."""
        before, after = self.shape[: self.batch], self.shape[self.batch :]
        if self.merged:
            return (*before, Showers(after[0]), *after[1:])
        return (*before, Showers(), *after)

    @property
    def rank(self) -> int:
        """The number of axes that TensorFlow sees."""
        return len(self.shape) + (not self.merged)

    def axis(self, number: int) -> int:
        """Return the place in ``shape`` of one of TensorFlow's axes.

        Raises:
            UnsupportedError: it is the batch axis, or there is no such axis.
        """
        place = number + self.rank if number < 0 else number
        if not 0 <= place < self.rank:
            message = f"axis {number} of a tensor of {self.rank} axes"
            raise UnsupportedError(message)
        if place == self.batch:
            message = "works along the batch axis"
            raise UnsupportedError(message)
        return place if self.merged or place < self.batch else place - 1


@dataclass(frozen=True)
class Variable:
    """The handle of a variable; reading it gives its weights.

    Attributes:
        name: that it is shared by.
        shape: that the graph declares, open sizes -1; None where it declares none.
    """

    name: str
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True)
class TensorList:
    """A list of tensors, as loops read and write them.

    Attributes:
        items: None where nothing was written yet.
        source: the tensor whose parts along the first axis they all are, if there is one.
    """

    items: tuple[Tensor | Array | None, ...]
    source: Tensor | None = None


@dataclass(frozen=True)
class Comparison:
    """What a tensor is compared with, value by value: ``x > limit`` or ``x >= limit``.

    Attributes:
        x: the tensor.
        limit: one number for all values.
        equal: whether the limit itself counts as above.
    """

    x: Tensor
    limit: float
    equal: bool


@dataclass(frozen=True)
class Categories:
    """A tensor of whole numbers that choose rows of a table."""

    x: Tensor


@dataclass(frozen=True)
class Spread:
    """A tensor whose cells lie in so many showers of their own, every ``block``-th in one.

    Attributes:
        x: the tensor as one.
        block: for each spatial axis.
    """

    x: Tensor
    block: tuple[int, ...]


Value = Tensor | Array | Variable | TensorList | Comparison | Categories | Spread


def require_moderate(*sizes: int) -> None:
    """Check that a constant about to be computed stays moderate.

    Raises:
        UnsupportedError: it would take more memory than any network.
    """
    total = 1
    for size in sizes:
        total *= int(size)
    if total > MAX_VALUES // 4:
        message = f"makes a constant of {total} values"
        raise UnsupportedError(message, hint=f"at most {MAX_VALUES // 4} are allowed")
