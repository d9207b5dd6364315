"""A Keras file whose weights have the digits of bfloat16, in half the bytes.

The container is an ordinary ``.keras`` file: weights stay float32 there, with the lower half of the
words zero, and are deflated. Keras and our reader open it like any other.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.precisions.bfloat16 import bfloat16_of

WEIGHTS = "model.weights.h5"


def round_decoder(source: Path, target: Path) -> None:
    """Write ``source`` with every weight rounded to bfloat16, ties to even.

    The same weights give the same bytes.

    Args:
        source: a ``.keras`` file.
        target: to write.
    """
    _write(source, target, bfloat16_of)


def pack_decoder(source: Path, target: Path) -> None:
    """Write ``source`` in few bytes, every weight as it is; arguments of the above."""
    _write(source, target, lambda values: values)


def _write(source: Path, target: Path, change: Callable[[Array], Array]) -> None:
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            if name == WEIGHTS:
                content = _changed(content, change)
            entry = zipfile.ZipInfo(name)  # without the time of day
            made.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _changed(content: bytes, change: Callable[[Array], Array]) -> bytes:
    """Return an HDF5 file with other float32 datasets, each one chunk, bytes of a kind together."""
    import h5py

    made = io.BytesIO()
    with h5py.File(io.BytesIO(content), "r") as source, h5py.File(made, "w") as target:
        for key, value in source.attrs.items():
            target.attrs[key] = value

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                new = target.require_group(name)
            else:
                values = np.asarray(item)
                new = _dataset(
                    target, name, change(values) if values.dtype == np.float32 else values
                )
            for key, value in item.attrs.items():
                new.attrs[key] = value

        source.visititems(copy)
    return made.getvalue()


def _dataset(target: object, name: str, values: Array) -> object:
    packed = {"shuffle": True, "compression": "gzip"} if values.size > 1 else {}
    return target.create_dataset(name, data=values, track_times=False, **packed)  # type: ignore[attr-defined]
