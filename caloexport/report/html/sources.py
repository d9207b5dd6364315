"""What was compared: the files of both samples, their hashes, their showers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from caloexport.report.html.conditions import sample_conditions
from caloexport.showers.showers import Showers


@dataclass(frozen=True)
class Source:
    """One sample.

    Attributes:
        role: "reference" or "generated".
        name: of the sample.
        files: name and SHA-256 of each; a folder has one hash over its files.
        showers: their number.
        conditions: name and values.
    """

    role: str
    name: str
    files: Sequence[tuple[str, str]]
    showers: int
    conditions: Sequence[tuple[str, str]]


def source_of(role: str, showers: Showers, paths: Sequence[Path]) -> Source:
    """Describe a sample.

    Raises:
        OSError: a file cannot be read.
    """
    files = [(path.name or str(path), digest(path)) for path in paths]
    conditions = sample_conditions(showers.conditions)
    return Source(role, showers.name, files, showers.n, conditions)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder that of the names and hashes of its files.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "empty").write_bytes(b"")
    ...     digest(Path(folder) / "empty")[:8]
    'e3b0c442'
    """
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for one in sorted(path.rglob("*")):
        if one.is_file():
            whole.update(f"{one.relative_to(path).as_posix()} {digest(one)}\n".encode())
    return whole.hexdigest()
