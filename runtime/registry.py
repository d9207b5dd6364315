"""One registry for every seam: an entry is one small file that registers itself.

The files of a folder are found from its listing, so adding an entry edits no list. Other
distributions add entries through an entry point of the registry's group.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import logging
import pkgutil
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from caloexport.runtime.errors import UnknownName

log = logging.getLogger(__name__)

Entry = TypeVar("Entry")
Given = TypeVar("Given")


@functools.cache
def _installed_points() -> Any:
    """Read what all distributions offer: every registry asks, and once is enough."""
    return importlib.metadata.entry_points()


def entry_points(group: str) -> Iterable[importlib.metadata.EntryPoint]:
    """Return what distributions offer under a group."""
    found: Iterable[importlib.metadata.EntryPoint] = _installed_points().select(group=group)
    return found


class Registry(Generic[Entry]):
    """Named entries that live one to a file in a package.

    Args:
        noun: what an entry is called in messages, for example ``"layer kind"``.
        package: the package whose modules register the entries.
        group: entry-point group for other distributions, if any.

    >>> from caloexport.runtime.activations import activations
    >>> "swish" in activations.names()
    True
    """

    def __init__(self, noun: str, package: str, group: str | None = None) -> None:
        self.noun = noun
        self._packages = [package]
        self._group = group
        self._entries: dict[str, Entry] = {}
        self._loaded = False
        self._loading = False
        self._lock = threading.RLock()  # entries may look up others of theirs while loading

    @property
    def packages(self) -> tuple[str, ...]:
        """Packages whose modules are the entries."""
        return tuple(self._packages)

    def add_package(self, package: str) -> None:
        """Also look for entries in the modules of another package (of a higher layer)."""
        if package not in self._packages:
            self._packages.append(package)
            self._loaded = False

    def register(self, name: str) -> Callable[[Given], Given]:
        """Decorate an entry with the name it is found by."""

        def add(entry: Given) -> Given:
            if name in self._entries:
                message = f"{self.noun} '{name}' is registered twice"
                raise ValueError(message)
            self._entries[name] = entry  # type: ignore[assignment]  # the file vouches for its type
            return entry

        return add

    def names(self) -> list[str]:
        """List the names of all entries, sorted."""
        self._load()
        return sorted(self._entries)

    def __getitem__(self, name: str) -> Entry:
        self._load()
        if name not in self._entries:
            raise UnknownName(self.noun, name, self._entries)
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def _load(self) -> None:
        if self._loaded:
            return
        with self._lock:
            if not self._loading:
                self._loading = True
                try:
                    self._load_all()
                    self._loaded = True
                finally:
                    self._loading = False

    def _load_all(self) -> None:
        for package in self._packages:
            for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
                importlib.import_module(f"{package}.{module.name}")
        for point in entry_points(group=self._group) if self._group else ():
            try:
                point.load()
            except Exception:
                # A broken plugin must not take the program down; its name must be known.
                log.exception("plugin %s of %s failed to load", point.name, point.dist)
