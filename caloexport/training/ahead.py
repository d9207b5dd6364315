"""Inputs made ahead: while one update computes, a thread makes what the next one starts from.

An update's inputs follow from its number alone, so when they are made changes nothing in them.
NumPy's random numbers and TensorFlow's operations both let other threads run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self


class Ahead:
    """Inputs of updates, asked for in order; a context manager that ends its thread.

    Args:
        make: makes the inputs of an update, counted from 0.
        total: number of updates; none beyond are made.

    >>> with Ahead(str, 3) as inputs:
    ...     [inputs(number) for number in range(1, 3)]
    ['1', '2']
    """

    def __init__(self, make: Callable[[int], Any], total: int) -> None:
        self._make, self._total = make, total
        self._next: tuple[int, Future[Any]] | None = None

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inputs")
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def __call__(self, number: int) -> Any:
        """Return the inputs of an update; raise what making them raised."""
        if self._next is None or self._next[0] != number:
            self._next = number, self._thread.submit(self._make, number)
        made = self._next[1].result()
        after = number + 1
        self._next = (
            (after, self._thread.submit(self._make, after)) if after < self._total else None
        )
        return made
