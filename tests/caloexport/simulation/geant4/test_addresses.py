"""Reading memory that may not be there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from caloexport.simulation.geant4.addresses import Memory


@pytest.fixture
def memory() -> Iterator[Memory]:
    one = Memory()
    yield one
    one.close()


def test_words_that_are_there(memory: Memory) -> None:
    there = np.array([1.5, -2.0, 1e300])
    address = there.ctypes.data
    assert memory.floats(address, 3).tolist() == there.tolist()
    assert memory.words(address, 3).tolist() == there.view(np.uint64).tolist()


@pytest.mark.parametrize("address", [0, 8, 2**46 + 8, 2**63])
def test_addresses_without_memory_are_errors_and_no_crash(memory: Memory, address: int) -> None:
    with pytest.raises(ValueError, match=r"not an address|nothing can be read"):
        memory.words(address, 1)
