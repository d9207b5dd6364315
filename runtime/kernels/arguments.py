"""What an entry point takes from Python, and what its kernel receives for it."""

from __future__ import annotations

import enum


class Argument(enum.Enum):
    """A kind of argument; the value is the types that the kernel receives."""

    #: an integer, signed or not
    INTEGER = ("int64",)
    UNSIGNED = ("uint64",)
    #: a number
    REAL = ("float64",)
    #: an object with a buffer in C order: its address and its length in bytes
    READABLE = ("int64", "int64", "readable")
    WRITABLE = ("int64", "int64", "writable")
    #: a writable array of float32 in C order: its address, its number of axes, and the address of
    #: its shape (int64)
    FLOATS = ("int64", "int64", "int64", "floats")
    #: all further arguments, numbers: address of an array of float64 and their count
    REALS = ("int64", "int64", "reals")

    @property
    def types(self) -> tuple[str, ...]:
        """Types of the kernel's arguments, by their names in numba."""
        return self.value[:-1] or self.value

    @property
    def has_buffer(self) -> bool:
        """Say whether Python's buffer protocol gives it."""
        return self in (Argument.READABLE, Argument.WRITABLE, Argument.FLOATS)


#: further numbers that a call may have at most
MOST_REALS = 32
#: what the names of the functions that Python calls begin with, in the object file
PREFIX = "caloexport_call_"
