"""The memory of a TensorFlow variable, to be written to by others than TensorFlow.

On a processor, what is read of a variable is its own memory, as is what another variable was
assigned from: TensorFlow copies only before it changes what several share. Others do not know
that, so ``InPlace`` begins with a copy of its own whenever a variable has got new memory. Who
reads a variable, and keeps its values while others write, has to copy them.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import UnsupportedError

#: bytes of a large page, and MADV_COLLAPSE of Linux 6.1 and later (others refuse it, which is fine)
PAGE, COLLAPSE = 2**21, 25
FLOAT_BYTES = 4


class InPlace:
    """A float32 variable whose memory is written to.

    Args:
        variable: of TensorFlow, on a processor.

    Raises:
        UnsupportedError: TensorFlow does not let others write.
    """

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self._held: Any = None  # as long as it is, no other memory can have the address
        self._address = 0
        self._view: Float32
        view = self.view().reshape(-1)
        before, view[0] = view[0], 1.5
        seen = variable.numpy().reshape(-1)[0]
        view[0] = before
        if seen != 1.5:
            message = f"'{variable.name}' does not change with its memory"
            hint = 'set engine = "tensorflow" in [step]'
            raise UnsupportedError(message, hint=hint)

    def view(self) -> Float32:
        """Return the memory as it is now, valid until TensorFlow changes the variable."""
        read, address = self._read()
        if address != self._address:
            self.variable.assign(read.numpy())
            self._held, self._address = self._read()
            size = self.variable.shape.num_elements()
            _ask_for_large_pages(self._address, size * FLOAT_BYTES)
            memory = (ctypes.c_float * size).from_address(self._address)
            self._view = np.ctypeslib.as_array(memory).reshape(self.variable.shape)
        return self._view

    def _read(self) -> tuple[Any, int]:
        read = self.variable.read_value()
        address: int = np.asarray(memoryview(read)).ctypes.data
        return read, address


def _ask_for_large_pages(address: int, size: int) -> None:
    """Have Linux join the pages of some memory, where it can.

    A tile touches hundreds of pages of 4 kB: rows of a kernel are 160 kB apart.
    """
    begin = -(-address // PAGE) * PAGE
    length = (address + size) // PAGE * PAGE - begin
    if sys.platform == "linux" and length > 0:
        ctypes.CDLL(None).madvise(ctypes.c_void_p(begin), ctypes.c_size_t(length), COLLAPSE)
