"""How kernels are compiled: once per machine, without the interpreter lock, without fast-math."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numba

log = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., Any])

#: division by zero gives infinity as in numpy; sums keep their order, for bits that repeat
OPTIONS = {"nogil": True, "error_model": "numpy"}
#: seconds after which a user must hear why he waits
PATIENCE_S = 3.0


def inner(function: Function) -> Function:
    """Decorate a function that compiled functions alone call: it gets no wrapper for Python."""
    return numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)


def entry(*signatures: Any) -> Callable[[Function], Function]:
    """Decorate a function that Python calls: compiled when imported, kept on disk where possible.

    Numba takes ``__pycache__``, or the user's cache folder when that cannot be written. When no
    place can be written, every process compiles for itself.
    """

    def add(function: Function) -> Function:
        with patience():
            try:
                return numba.njit(list(signatures), cache=True, **OPTIONS)(function)
            except (RuntimeError, OSError):
                return numba.njit(list(signatures), **OPTIONS)(function)

    return add


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Say what is going on when the block takes longer than loading what was compiled."""
    text = "preparing the compiled kernels; the first time on a machine takes some ten seconds"
    timer = threading.Timer(PATIENCE_S, log.warning, (text,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@functools.cache
def stamp() -> int:
    """Return a number that changes with the source of any kernel.

    Numba renews a cached function when its own file changes, but not when a function that it
    calls from another file does. An entry that reads the stamp from its closure is renewed too.
    """
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return int.from_bytes(digest.digest()[:7], "little")
