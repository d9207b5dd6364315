"""What many observables ask of the same block of showers, worked out once.

Energies by layer or ring and the moments of layers stand behind dozens of numbers. Within
:func:`one_block` a function that is marked with :func:`once` remembers what it found in that block;
outside it works as if it were not marked.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from caloexport.runtime.arrays import Array

#: returns an array, or a tuple of arrays
Function = TypeVar("Function", bound=Callable[..., Any])

#: the block that is looked at, and what was found in it by function and arguments
_current: ContextVar[tuple[Array, dict[Any, Any]] | None] = ContextVar("block", default=None)


@contextlib.contextmanager
def one_block(energies: Array) -> Iterator[None]:
    """Remember what is found in a block, until its observables are computed.

    Blocks may be nested; one within itself shares what was found.

    Args:
        energies: (n, *mesh shape), which nobody may change meanwhile.
    """
    current = _current.get()
    if current is not None and current[0] is energies:
        yield
        return
    token = _current.set((energies, {}))
    try:
        yield
    finally:
        _current.reset(token)


def once(function: Function) -> Function:
    """Mark a function of (energies, further arguments), which must be hashable.

    What it remembers is handed out to all who ask, so that they may only read it.

    >>> import numpy as np
    >>> count = once(lambda energies: np.count_nonzero(energies, keepdims=True))
    >>> block = np.ones(3)
    >>> with one_block(block):
    ...     count(block) is count(block)
    True
    >>> count(block) is count(block)
    False
    """

    @functools.wraps(function)
    def remembered(energies: Array, *further: Any, **named: Any) -> Any:
        current = _current.get()
        if current is None or current[0] is not energies:
            return function(energies, *further, **named)
        key = (function, further, tuple(sorted(named.items())))
        if key not in current[1]:
            found = function(energies, *further, **named)
            for one in found if isinstance(found, tuple) else (found,):
                one.setflags(write=False)
            current[1][key] = found
        return current[1][key]

    return cast("Function", remembered)
