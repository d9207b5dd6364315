"""Large batches in chunks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caloexport.bench.chunks import LARGEST, chunks_of, in_chunks


@pytest.mark.parametrize("batch", [1, 16, 256, 257, 9_973, 10_000])
def test_chunks_add_up_and_are_small(batch: int) -> None:
    chunks = chunks_of(batch)
    assert sum(chunks) == batch
    assert max(chunks) <= LARGEST
    assert max(chunks) - min(chunks) <= 1
    assert len(chunks) == -(-batch // LARGEST)


def test_a_call_does_every_chunk_with_other_inputs() -> None:
    done: list[tuple[int, int]] = []

    def make(size: int) -> Callable[[int], object]:
        return lambda i: done.append((size, i))

    call = in_chunks(make, 515)
    assert call is not None
    call(0)
    call(1)
    assert done == [(172, 0), (172, 1), (171, 2), (172, 3), (172, 4), (171, 5)]


def test_who_has_no_call_has_none_for_chunks() -> None:
    assert in_chunks(lambda size: None, 515) is None
