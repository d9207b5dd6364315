"""Several shower files read as one: a scan of energies has a file for each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.showers.open import open_showers
from caloexport.showers.showers import Showers


def joined(parts: Sequence[Showers]) -> Showers:
    """Return the showers of all parts, one part after the other; energies are read when asked for.

    Conditions and attributes are those that all parts have, attributes with the same value.
    Closing the result closes the parts.

    Args:
        parts: one or more, of one mesh.

    Raises:
        UsageError: no part, different meshes, or a file that is named twice.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> from caloexport.showers import from_arrays
    >>> mesh, energy = CylinderMesh(1, 1, 2), {"energy_mev": np.ones(2)}
    >>> parts = [from_arrays(np.full((2, 1, 1, 2), k), mesh, energy) for k in (1, 2)]
    >>> joined(parts).read(slice(1, 3)).sum(axis=(1, 2, 3)).tolist()
    [2.0, 4.0]
    """
    _require_parts(parts)
    return parts[0] if len(parts) == 1 else _Joined(parts)


def open_joined(paths: Sequence[Path], binning: str | Path | None = None) -> Showers:
    """Open shower files and join them; arguments and errors are those of ``open_showers``."""
    with contextlib.ExitStack() as opened:
        whole = joined([opened.enter_context(open_showers(path, binning)) for path in paths])
        opened.pop_all()
    return whole


class _Joined(Showers):
    """Showers of several parts; a part checks its own energies, so that messages name its file."""

    def __init__(self, parts: Sequence[Showers]) -> None:
        self._parts = parts
        self._starts = np.cumsum([0, *(part.n for part in parts[:-1])]).tolist()
        super().__init__(
            _name(parts),
            parts[0].format,
            parts[0].mesh,
            _conditions(parts),
            self._read_raw,
            attributes=_attributes(parts),
            stored_dtype=parts[0].stored_dtype,
            close=self._close_all,
        )

    def read(self, selection: slice = slice(None)) -> Float32:
        start, stop, step = selection.indices(self.n)
        if step != 1 or stop <= start:
            return super().read(selection)
        return np.concatenate([part.read(rows) for part, rows in self._pieces(start, stop)])

    def _read_raw(self, start: int, stop: int) -> Array:
        empty = np.empty((0, *self.mesh.shape), dtype=np.float32)
        pieces = [
            part.read_raw(rows).reshape(-1, *self.mesh.shape)
            for part, rows in self._pieces(start, stop)
        ]
        return np.concatenate(pieces or [empty])

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[Showers, slice]]:
        for part, first in zip(self._parts, self._starts, strict=True):
            low, high = max(start - first, 0), min(stop - first, part.n)
            if low < high:
                yield part, slice(low, high)

    def _close_all(self) -> None:
        for part in self._parts:
            part.close()


def _require_parts(parts: Sequence[Showers]) -> None:
    if not parts:
        message = "no shower file to join"
        raise UsageError(message)
    seen: set[Path] = set()
    for part in parts:
        if part.mesh != parts[0].mesh:
            message = f"has another mesh than '{parts[0].name}'"
            raise UsageError(message, where=part.name, hint="join showers of one mesh")
        if part.path.is_file():  # showers of memory may share a name
            if part.path.resolve() in seen:
                message = "is named twice: its showers would count double"
                raise UsageError(message, where=part.name, hint="name each file once")
            seen.add(part.path.resolve())


def _name(parts: Sequence[Showers]) -> str:
    return f"{parts[0].path.name} … {parts[-1].path.name} ({len(parts)} files)"


def _conditions(parts: Sequence[Showers]) -> dict[str, Array]:
    common = [name for name in parts[0].conditions if all(name in p.conditions for p in parts)]
    return {
        name: np.concatenate([np.asarray(part.conditions[name]) for part in parts])
        for name in common
    }


def _same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(np.asarray(one), np.asarray(other)))


def _attributes(parts: Sequence[Showers]) -> dict[str, Any]:
    return {
        name: value
        for name, value in parts[0].attributes.items()
        if all(_same(value, part.attributes.get(name)) for part in parts[1:])
    }
