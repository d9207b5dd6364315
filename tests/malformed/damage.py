"""Damage that any file can suffer, by a fixed seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20260101


@dataclass(frozen=True)
class Case:
    """A malformed file.

    Attributes:
        name: of the defect.
        path: of the file or folder.
        options: what a user adds to the command.
    """

    name: str
    path: Path
    options: tuple[str, ...] = ()


def write(folder: Path, name: str, content: bytes, suffix: str) -> Case:
    """Write a file that carries the name of its defect."""
    path = folder / f"{name}{suffix}"
    path.write_bytes(content)
    return Case(name, path)


def cuts(whole: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield the beginnings of a file: shorter and shorter, the last without its last byte."""
    for k in range(1, count):
        keep = len(whole) * k // count
        yield f"cut-{k}-of-{count}", whole[:keep]
    yield "cut-last-byte", whole[:-1]


def flips(whole: bytes, places: Sequence[int], count: int) -> Iterator[tuple[str, bytes]]:
    """Yield the file with one bit pattern flipped at some of the places that matter."""
    rng = np.random.default_rng(SEED)
    for place in sorted(rng.choice(np.array(places), size=count, replace=False).tolist()):
        damaged = bytearray(whole)
        damaged[place] ^= int(rng.integers(1, 256))
        yield f"flipped-{place}", bytes(damaged)


def fillings(whole: bytes, start: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield files that begin as they should and go on with anything else."""
    rng = np.random.default_rng(SEED)
    yield "only-the-beginning", start
    yield "beginning-and-zeros", start + bytes(5000)
    yield "beginning-and-noise", start + rng.bytes(5000)
    yield "beginning-and-text", start + b"hello world " * 400
    yield "beginning-twice", start + start + rng.bytes(64) + whole[len(whole) // 2 :]


JsonPath = tuple[str | int, ...]


def json_paths(data: Any, path: JsonPath = ()) -> Iterator[JsonPath]:
    """Yield where the values of a JSON document stand; of long lists the first two only."""
    children: Sequence[tuple[str | int, Any]] = ()
    if isinstance(data, dict):
        children = list(data.items())
    elif isinstance(data, list):
        children = list(enumerate(data))[:2]
    for key, value in children:
        yield (*path, key)
        yield from json_paths(value, (*path, key))


def changed(data: Any, path: JsonPath, change: Any) -> Any:
    """Return a copy of a JSON document with ``change(parent, key)`` applied at a place."""
    copy = json.loads(json.dumps(data))
    parent = copy
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return copy


def removed(parent: Any, key: Any) -> None:
    """Take a value away."""
    del parent[key]


def set_to(value: Any) -> Any:
    """Return the change that puts another value in place."""

    def change(parent: Any, key: Any) -> None:
        parent[key] = value

    return change


def label(path: JsonPath) -> str:
    """Return a place as a part of a file's name."""
    return "-".join(str(key).replace("/", "_") for key in path)
