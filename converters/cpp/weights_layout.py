"""What a decoder must know of the weights file that was written with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caloexport.converters.cpp.data_hash import data_hash


@dataclass(frozen=True)
class WeightsLayout:
    """Where everything stands in a safetensors file of ours.

    Attributes:
        n_bytes: of the file.
        header_bytes: of its length field and JSON; the data follow.
        header_hash, data_hash: of both parts.
        places: of each tensor, in bytes behind the beginning of the data.
        shapes: of each tensor.
    """

    n_bytes: int
    header_bytes: int
    header_hash: int
    data_hash: int
    places: dict[str, int]
    shapes: dict[str, tuple[int, ...]]


def weights_layout(path: Path) -> WeightsLayout:
    """Read the layout of a file that was just written."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    header_bytes = 8 + int.from_bytes(data[:8].tobytes(), "little")
    header = json.loads(data[8:header_bytes].tobytes())
    del header["__metadata__"]
    return WeightsLayout(
        data.size,
        header_bytes,
        data_hash(data[:header_bytes]),
        data_hash(data[header_bytes:]),
        {name: one["data_offsets"][0] for name, one in header.items()},
        {name: tuple(one["shape"]) for name, one in header.items()},
    )
