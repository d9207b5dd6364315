"""What the native hook refuses to touch; test_application.py has what it does in Geant4."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from caloexport.simulation.geant4.addresses import Memory
from caloexport.simulation.geant4.native_hook import HEADER, NoNativeHook, _table
from caloexport.simulation.kernels.step_hook import FUNCTIONS


@pytest.fixture
def memory() -> Iterator[Memory]:
    one = Memory()
    yield one
    one.close()


def test_a_table_is_read_with_its_header(memory: Memory) -> None:
    words = np.arange(HEADER + FUNCTIONS, dtype=np.uint64)
    address = int(words.ctypes.data) + 8 * HEADER
    assert _table(memory, address).tolist() == words.tolist()
    words[0] = 8  # the offset to the top is that of another base class
    with pytest.raises(NoNativeHook, match="no table of virtual functions"):
        _table(memory, address)


def test_a_table_at_the_end_of_memory_is_none(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(address: int, n: int) -> NDArray[np.uint64]:
        return np.zeros(n - 1, np.uint64)

    monkeypatch.setattr(memory, "words", short)
    with pytest.raises(NoNativeHook, match="no table of virtual functions"):
        _table(memory, 4096)
