"""Containers: what shower files are made of, HDF5 or ROOT, one kind to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from caloexport.runtime.registry import Registry

#: taken for files that begin like none, since HDF5 may begin anywhere
FALLBACK = "hdf5"
#: what a file of showers is, for messages of commands that take models too
SHOWER_FILE = "a file of showers (HDF5 or ROOT)"


class Container:
    """A kind of file that holds named things, which the formats give a meaning.

    Attributes:
        signature: first bytes of such a file.
    """

    signature: bytes = b""

    def open(self, path: Path) -> Any:
        """Open a file for reading; what is returned has ``close()``.

        Raises:
            InputFileError: missing, empty, truncated, or of another kind.
            MissingDependency: the library for such files is not installed.
        """
        raise NotImplementedError

    def members(self, file: Any) -> Mapping[str, Any]:
        """Return what the formats recognise a file by: datasets, or trees.

        Raises:
            InputFileError: damaged, or too much for a file of showers.
        """
        raise NotImplementedError

    def listing(self, file: Any, members: Mapping[str, Any]) -> str:
        """Say what a file holds, for a message."""
        raise NotImplementedError

    def damage_named(self, where: str) -> AbstractContextManager[None]:
        """Turn what the library raises on damaged files into an ``InputFileError``."""
        raise NotImplementedError

    def create(self, path: Path, fill: Callable[[Any], None]) -> None:
        """Make a new file and let ``fill`` write into it.

        Raises:
            OSError: it cannot be written.
            MissingDependency: the library for such files is not installed.
        """
        raise NotImplementedError


containers: Registry[Container] = Registry("container", "caloexport.showers.containers")


def container_of(path: Path) -> str:
    """Return the name of the container that a file begins like, ``hdf5`` if it is like none."""
    return _by_signature(path) or FALLBACK


def is_shower_file(path: str | Path) -> bool:
    """Say whether a file begins as HDF5 or ROOT files do."""
    return _by_signature(Path(path)) is not None


def _by_signature(path: Path) -> str | None:
    longest = max(len(containers[name].signature) for name in containers)
    try:
        with path.open("rb") as stream:
            head = stream.read(longest)
    except OSError:
        return None  # opening it says why
    found = (name for name in containers if head.startswith(containers[name].signature))
    return next(found, None)
