"""The file in which compiled kernels are kept: one line of JSON, then the object code.

The line tells what the code was made from and its hash, so that a stale, truncated or damaged
file is seen before any of it is loaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FORMAT = "caloexport.kernels/1"
#: the line is shorter than this, or it is none of ours
LONGEST_LINE = 65_536


@dataclass(frozen=True)
class Kernels:
    """Compiled kernels, not yet loaded.

    Attributes:
        names: the entry points.
        content: the object code of this machine.
    """

    names: tuple[str, ...]
    content: bytes


def to_bytes(kernels: Kernels, identity: Mapping[str, str]) -> bytes:
    """Return the file's content; ``identity`` says what the code was made from."""
    line = {
        "format": FORMAT,
        "identity": dict(identity),
        "names": kernels.names,
        "sha256": _hash(kernels.names, kernels.content),
    }
    return json.dumps(line).encode() + b"\n" + kernels.content


def from_bytes(data: bytes, identity: Mapping[str, str]) -> Kernels:
    """Read a file's content.

    Raises:
        ValueError: damaged, or made from something else; the message says which.

    >>> data = to_bytes(Kernels(("run",), b"code"), {"level": "avx2"})
    >>> from_bytes(data, {"level": "avx2"}).names
    ('run',)
    >>> from_bytes(data[:-1], {"level": "avx2"})
    Traceback (most recent call last):
        ...
    ValueError: damaged
    """
    line, _, content = data.partition(b"\n")
    try:
        found = json.loads(line[:LONGEST_LINE])
        names = [str(name) for name in found["names"]]
        intact = found["format"] == FORMAT and found["sha256"] == _hash(names, content)
        made_from = found["identity"]
    except (ValueError, KeyError, TypeError, RecursionError):
        intact = False
    if not intact:
        message = "damaged"
        raise ValueError(message)
    if made_from != identity:
        message = "made from other sources, or for another machine"
        raise ValueError(message)
    return Kernels(tuple(names), content)


def _hash(names: Sequence[str], content: bytes) -> str:
    return hashlib.sha256(" ".join(names).encode() + b"\n" + content).hexdigest()
