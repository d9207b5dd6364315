"""The line by which a generated header is known, and what it says about itself."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

SCHEMA = "caloexport.cpp/1"
#: bytes in which the line stands
HEAD_BYTES = 4096


@dataclass(frozen=True)
class Mark:
    """What a header says about itself.

    Attributes:
        manifest_sha256: of the generator.
        weights: name of the weights file; None where the weights are inside.
        n_bytes: of the weights.
    """

    manifest_sha256: str
    weights: str | None
    n_bytes: int

    def __str__(self) -> str:
        """The line, without the comment sign.

        >>> print(Mark("ab", None, 64))
        caloexport.cpp/1 {"manifest_sha256": "ab", "weights": null, "n_bytes": 64}
        """
        return f"{SCHEMA} {json.dumps(asdict(self))}"


def is_marked(path: Path) -> bool:
    """Say whether a file carries the line."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return _line(stream.read(HEAD_BYTES)) is not None


def read_mark(path: Path) -> Mark:
    """Read the line of a header.

    Raises:
        InputFileError: there is none, or it was changed.
    """
    with existing_file(path, "generated C++ header").open("rb") as stream:
        line = _line(stream.read(HEAD_BYTES))
    if line is None:
        message = "is not a header that caloexport generated"
        raise InputFileError(message, where=str(path))
    try:
        found: Mark | None = Mark(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        found = None
    kinds = str, str | None, int
    if found is None or not all(map(isinstance, astuple(found), kinds)):
        message = "its first lines were changed"
        raise InputFileError(message, where=str(path), hint="generate it again")
    return found


def _line(start: bytes) -> str | None:
    for line in start.decode(errors="replace").splitlines():
        if line.startswith(f"// {SCHEMA} "):
            return line.removeprefix(f"// {SCHEMA} ")
    return None
