"""Numba functions that are compiled once for all processes, kept outside the package.

Numba would keep them beside their source. There an uninstallation leaves them, and with them a
folder that hides what is installed next; and numba looks at the file of a function alone, not at
those of the functions that it calls.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba

from caloexport.runtime.kernels import cache

#: part of the folder of compiled kernels
PLACE = "numba"


def kept(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a function that numba compiles; where nothing can be kept, each process does so.

    Args:
        options: of ``numba.njit``.
    """

    def add(function: Callable[..., Any]) -> Any:
        place = _place(Path(inspect.getfile(function)).parent)
        if place is None:
            return numba.njit(**options)(function)
        with _cached_in(place):
            return numba.njit(cache=True, **options)(function)

    return add


@functools.cache
def _place(room: Path) -> Path | None:
    """Return where functions of a room are kept, another place for other sources; None for none."""
    folder = cache.folder()
    if folder is None:
        return None
    sources = hashlib.sha256()
    for one in (room, Path(__file__).parent):
        for path in sorted(one.glob("*.py")):
            sources.update(path.read_bytes())
    place = folder / PLACE / sources.hexdigest()[:16]
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        trusted = all(cache.is_ours(one.stat()) for one in (folder, folder / PLACE, place))
    except OSError:
        return None
    return place if trusted else None


@contextlib.contextmanager
def _cached_in(place: Path) -> Iterator[None]:
    """Let numba choose a folder for what is decorated now; one that the user chose stays."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = before or str(place)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
