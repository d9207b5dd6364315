"""A Keras file whose weights have the digits of bfloat16, in half the bytes.

The container is an ordinary ``.keras`` file: weights stay float32 there, with the lower half of every
word zero, and are deflated. Keras and our reader open it like any other.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from caloexport.runtime.precisions.bfloat16 import bfloat16_of

WEIGHTS = "model.weights.h5"


def round_decoder(source: Path, target: Path) -> None:
    """Write ``source`` with every weight rounded to bfloat16, ties to even.

    The same weights give the same bytes.

    Args:
        source: a ``.keras`` file.
        target: to write.
    """
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            if name == WEIGHTS:
                content = _rounded(content)
            entry = zipfile.ZipInfo(name)  # without the time of day
            made.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _rounded(content: bytes) -> bytes:
    """Return an HDF5 file with rounded float32 datasets, each one chunk, bytes of a kind together."""
    import h5py

    made = io.BytesIO()
    with h5py.File(io.BytesIO(content), "r") as source, h5py.File(made, "w") as target:
        for key, value in source.attrs.items():
            target.attrs[key] = value

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                new = target.require_group(name)
            else:
                new = _dataset(target, name, item)
            for key, value in item.attrs.items():
                new.attrs[key] = value

        source.visititems(copy)
    return made.getvalue()


def _dataset(target: object, name: str, item: object) -> object:
    values = np.asarray(item)
    if values.dtype == np.float32:
        values = bfloat16_of(values)
    packed = {"shuffle": True, "compression": "gzip"} if values.size > 1 else {}
    return target.create_dataset(name, data=values, track_times=False, **packed)  # type: ignore[attr-defined]
