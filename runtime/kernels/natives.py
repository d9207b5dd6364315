"""The compiled kernels of this machine as functions of Python, without importing numba."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import cache
from caloexport.runtime.kernels.child import HINT, compile_kernels
from caloexport.runtime.kernels.identity import identity
from caloexport.runtime.kernels.loading import load_functions
from caloexport.runtime.kernels.object_file import Kernels, from_bytes, to_bytes

log = logging.getLogger(__name__)

#: seconds after which a user must hear why he waits
PATIENCE_S = 3.0

Natives = Mapping[str, Callable[..., int]]
_loading = threading.Lock()
_loaded: Natives | None = None


@dataclass(frozen=True)
class Found:
    """Kernels, and where they come from.

    Attributes:
        compiled: whether they were compiled just now.
        path: the file where they are kept; None where nothing can be.
    """

    kernels: Kernels
    compiled: bool
    path: Path | None


def natives() -> Natives:
    """Return the entry points by name; the first call of a process loads or compiles them.

    Each takes what its ``entry`` declares, runs without the interpreter lock, and returns an
    integer.

    Raises:
        UnsupportedError: they cannot be compiled or loaded here.
    """
    global _loaded
    if _loaded is None:
        with _loading:
            if _loaded is None:
                try:
                    functions = load_functions(find().kernels)
                except RuntimeError as error:
                    message = f"the compiled kernels cannot be loaded: {error}"
                    raise UnsupportedError(message, hint=HINT) from error
                _loaded = MappingProxyType(functions)
    return _loaded


@contextlib.contextmanager
def observed(wrap: Callable[[Callable[..., int]], Callable[..., int]]) -> Iterator[None]:
    """Let executors that are made inside call what ``wrap`` makes of each entry point.

    For measurements: it holds for every thread that makes one meanwhile.
    """
    global _loaded
    functions = natives()
    _loaded = MappingProxyType({name: wrap(one) for name, one in functions.items()})
    try:
        yield
    finally:
        _loaded = functions


def find() -> Found:
    """Return the kernels kept for this machine; compile and keep them if there are none."""
    wanted, place = identity(), cache.folder()
    if place is None:
        with patience():
            return Found(compile_kernels(wanted), True, None)
    path = cache.path_of(wanted, place)
    kept = _read(path, wanted)
    if kept is not None:
        return Found(kept, False, path)
    with patience(), cache.lock(path):
        kept = _read(path, wanted)  # another process may have been first
        if kept is not None:
            return Found(kept, False, path)
        kernels = compile_kernels(wanted)
        written = cache.write(path, to_bytes(kernels, wanted))
    return Found(kernels, True, path if written else None)


def _read(path: Path, wanted: Mapping[str, str]) -> Kernels | None:
    data = cache.read(path)
    if data is None:
        return None
    try:
        return from_bytes(data, wanted)
    except ValueError as error:
        log.warning("%s: %s; compiling the kernels again", path, error)
        return None


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Say what is going on when the block takes longer than loading what was compiled."""
    text = "preparing the compiled kernels; the first time on a machine takes up to a minute"
    timer = threading.Timer(PATIENCE_S, log.warning, (text,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
