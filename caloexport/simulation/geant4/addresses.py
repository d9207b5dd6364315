"""Addresses of C++ objects behind Python ones, and reading memory that may not be there."""

from __future__ import annotations

import ctypes
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: words: type, reference count; then the C++ address and its holder, or two addresses of tables
_VALUE = 16
_TABLE_BYTES = 100


class Memory:
    """Reads words of this process: the kernel copies them, so a wrong address is an error only."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(None, use_errno=True)
        self.out_end, self.in_end = os.pipe()

    def close(self) -> None:
        """Close the pipe."""
        os.close(self.out_end)
        os.close(self.in_end)

    def words(self, address: int, n: int) -> NDArray[np.uint64]:
        """Return up to ``n`` words; fewer where readable memory ends.

        Raises:
            ValueError: there is no memory at the address.
        """
        if not 0 < address < 2**63:
            message = f"{address:#x} is not an address"
            raise ValueError(message)
        copied = self.library.write(self.in_end, ctypes.c_void_p(address), ctypes.c_size_t(8 * n))
        if copied < 8:
            message = f"nothing can be read at {address:#x}"
            raise ValueError(message)
        content = os.read(self.out_end, copied)
        return np.frombuffer(content[: copied // 8 * 8], np.uint64)

    def floats(self, address: int, n: int) -> NDArray[np.float64]:
        """Return words as float64."""
        return self.words(address, n).view(np.float64)

    def address_of(self, instance: Any) -> int:
        """Return the address of the C++ object of an instance that pybind11 made.

        The instance holds it, or, if its class derives from a bound one in a way that needs more
        room, the address of a table of addresses, followed by that of the table's flags nearby.
        """
        first, second = (int(word) for word in self.words(id(instance) + _VALUE, 2))
        return int(self.words(first, 1)[0]) if 0 < second - first < _TABLE_BYTES else first
