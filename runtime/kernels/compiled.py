"""How kernels are written: numba functions on addresses, which Python cannot call.

Entry points are kernels too. A build (``build``) compiles them all into one object, and
``natives`` makes them functions of Python without numba.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numba

from caloexport.runtime.kernels.arguments import Argument

Function = TypeVar("Function", bound=Callable[..., Any])

#: division by zero gives infinity as in numpy; sums keep their order, for bits that repeat
OPTIONS = {"nogil": True, "error_model": "numpy"}


@dataclass(frozen=True)
class Entry:
    """A kernel that Python may call through ``natives``."""

    arguments: tuple[Argument, ...]
    kernel: Any

    @property
    def signature(self) -> Any:
        """Types of the kernel: numbers and addresses in, an integer out."""
        names = [name for argument in self.arguments for name in argument.types]
        return numba.int64(*(getattr(numba, name) for name in names))


#: every entry point of the modules imported so far, by name
ENTRIES: dict[str, Entry] = {}


def inner(function: Function) -> Function:
    """Decorate a function that compiled functions alone call: it gets no wrapper for Python."""
    return numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)


def entry(*arguments: Argument) -> Callable[[Function], Function]:
    """Decorate a kernel that Python shall call by its name; it returns an integer.

    It takes what ``Argument`` says, may be called by other kernels like any ``inner`` function,
    and runs without the interpreter lock.
    """

    def add(function: Function) -> Function:
        kernel = inner(function)
        ENTRIES[function.__name__] = Entry(arguments, kernel)
        return kernel

    return add
