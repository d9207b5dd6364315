"""Threads that share the chunks of an array's work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Workers:
    """A number of threads, the caller's among them.

    Args:
        number: of threads.

    >>> done = []
    >>> Workers(1).share(lambda worker, chunk: done.append((worker, chunk)), 2)
    >>> done
    [(0, 0), (0, 1)]
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._pool = ThreadPoolExecutor(max(number - 1, 1), thread_name_prefix="chunks")

    def share(self, work: Callable[[int, int], object], chunks: int) -> None:
        """Call ``work(worker, chunk)`` for each chunk once; whoever is free takes the next.

        Raises:
            Exception: what ``work`` raised.
        """
        waiting = iter(range(chunks))

        def take(worker: int) -> None:
            for chunk in waiting:
                work(worker, chunk)

        others = [self._pool.submit(take, worker) for worker in range(1, self.number)]
        take(0)
        for other in others:
            other.result()
