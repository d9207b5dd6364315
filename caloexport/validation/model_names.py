"""Short names that tell models apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caloexport.runtime.errors import UsageError


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """Return a name for each file or folder: its own, with its folders where others are called so too.

    The names are parts of file names, and no two differ in upper and lower case alone.

    Args:
        paths: of models or files of showers.

    Raises:
        UsageError: one is given twice.

    >>> distinct_names([Path("runs/gan"), Path("vae.safetensors")])
    ['gan', 'vae']
    >>> distinct_names([Path("new/gan.h5"), Path("old/gan.h5"), Path("vae.h5")])
    ['new-gan', 'old-gan', 'vae']
    """
    places = [path.resolve() for path in paths]
    for number, place in enumerate(places):
        if place in places[:number]:
            message = "is given twice"
            raise UsageError(message, where=str(paths[number]), hint="leave one out")
    names: dict[Path, str] = {}
    for depth in range(1, max(len(place.parts) for place in places) + 1):
        for suffix in (False, True):
            told = {place: _name(place, depth, suffix) for place in places}
            every = [name.casefold() for name in told.values()]
            for place, name in told.items():
                if every.count(name.casefold()) == 1:
                    names.setdefault(place, name)
    found = [names.get(place, told[place]) for place in places]
    if len({name.casefold() for name in found}) < len(found):  # a-b/c and a/b-c
        return [f"{number}-{name}" for number, name in enumerate(found, 1)]
    return found


def _name(place: Path, depth: int, suffix: bool) -> str:
    last = place.name if suffix or place.is_dir() else place.stem
    folders = [part.strip("/\\:") for part in place.parts[:-1]]
    return "-".join([*folders[max(0, len(folders) + 1 - depth) :], last])
