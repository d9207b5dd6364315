"""Large batches in chunks that reuse their output, as a job would make many showers."""

from __future__ import annotations

from collections.abc import Callable
from typing import overload

Call = Callable[[int], object]

#: showers at a time: beyond that nobody becomes faster, and the output leaves the caches
LARGEST = 256


def chunks_of(batch: int) -> tuple[int, ...]:
    """Return showers per chunk, as equal as can be, the larger ones first.

    >>> chunks_of(256), chunks_of(10_000) == (250,) * 40, chunks_of(515)
    ((256,), True, (172, 172, 171))
    """
    count = -(-batch // LARGEST)
    each, more = divmod(batch, count)
    return (each + 1,) * more + (each,) * (count - more)


@overload
def in_chunks(make: Callable[[int], Call], batch: int) -> Call: ...


@overload
def in_chunks(make: Callable[[int], Call | None], batch: int) -> Call | None: ...


def in_chunks(make: Callable[[int], Call | None], batch: int) -> Call | None:
    """Return the call that does a batch, chunk by chunk.

    Args:
        make: gives the call for a number of showers; None where there is none.
        batch: showers.
    """
    made = [make(size) for size in chunks_of(batch)]
    calls = [one for one in made if one is not None]
    if len(calls) < len(made):
        return None
    if len(calls) == 1:
        return calls[0]

    def call(i: int) -> None:
        for k, one in enumerate(calls):
            one(i * len(calls) + k)

    return call
