"""Damaged ``.h5`` files of Keras 2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from caloexport.converters.readers import Choices
from tests.converters.keras_models import write_keras_2
from tests.malformed.damage import Case, changed, cuts, fillings, flips, set_to, write
from tests.malformed.keras_archive import CONFIG

LIBRARIES = ("h5py", "caloexport.converters.readers.keras")
WEIGHTS = {"dense": {"dense/kernel:0": np.ones((4, 3), "f4"), "dense/bias:0": np.zeros(3, "f4")}}
KERNEL = "model_weights/dense/dense/kernel:0"


def cases(folder: Path) -> Iterator[Case]:
    """Write them."""
    good = write_keras_2(folder / "good.h5", CONFIG, WEIGHTS)
    whole = good.read_bytes()
    good.unlink()
    # the signatures of the format's own tables; weights are elsewhere
    marks = [m.start() + k for m in re.finditer(rb"TREE|SNOD|HEAP", whole) for k in range(4)]
    for name, content in (
        *cuts(whole, 10),
        *flips(whole, range(8), 4),
        *flips(whole, marks, 8),
        *fillings(whole, whole[:8]),
    ):
        yield write(folder, name, content, ".h5")
    for number, (name, config) in enumerate(_configurations()):
        path = write_keras_2(folder / f"configuration-{number}-{name}.h5", config, WEIGHTS)
        yield Case(path.stem, path)
    for name, edit in EDITS.items():
        path = write_keras_2(folder / f"{name}.h5", CONFIG, WEIGHTS)
        with h5py.File(path, "r+") as file:
            edit(file)
        yield Case(name, path)


def good(folder: Path) -> Choices:
    """Write a whole model."""
    write_keras_2(folder / "good.h5", CONFIG, WEIGHTS)
    return Choices()


def _configurations() -> Iterator[tuple[str, Any]]:
    layer = ("config", "layers", 1)
    yield "empty", {}
    yield "list", [1, 2]
    yield "no-layers", changed(CONFIG, ("config", "layers"), set_to([]))
    yield "units-negative", changed(CONFIG, (*layer, "config", "units"), set_to(-1))
    yield "units-huge", changed(CONFIG, (*layer, "config", "units"), set_to(2**50))
    yield "unknown-layer", changed(CONFIG, (*layer, "class_name"), set_to("Evil"))
    yield "lambda", changed(CONFIG, (*layer, "class_name"), set_to("Lambda"))
    deep: Any = CONFIG
    for _ in range(40):
        deep = {"class_name": "Sequential", "config": {"name": "s", "layers": [deep]}}
    yield "nested-40-deep", deep


def _replaced(file: h5py.File, value: Any, **options: Any) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=value, **options)


def _huge(file: h5py.File) -> None:
    """Declare a terabyte of which nothing is stored."""
    del file[KERNEL]
    file.create_dataset(KERNEL, shape=(2**20, 2**18), dtype="f4", chunks=(64, 64))


def _bomb(file: h5py.File) -> None:
    """Compress 200 MB of zeros into a few kilobytes."""
    del file[KERNEL]
    shape = (5_000, 10_000)
    data = file.create_dataset(KERNEL, shape=shape, dtype="f4", chunks=(500, 10_000), compression=9)
    for row in range(0, shape[0], 500):
        data[row : row + 500] = 0


def _linked(file: h5py.File, link: Any) -> None:
    del file[KERNEL]
    file[KERNEL] = link


def _attribute(file: h5py.File, value: Any) -> None:
    del file.attrs["model_config"]
    if value is not None:
        file.attrs["model_config"] = value


EDITS: dict[str, Any] = {
    "kernel-transposed": lambda file: _replaced(file, np.ones((3, 4), "f4")),
    "kernel-flat": lambda file: _replaced(file, np.ones(12, "f4")),
    "kernel-empty": lambda file: _replaced(file, h5py.Empty("f4")),
    "kernel-nan": lambda file: _replaced(file, np.full((4, 3), np.nan, "f4")),
    "kernel-text": lambda file: _replaced(file, np.full((4, 3), b"abc")),
    "kernel-compound": lambda file: _replaced(file, np.zeros((4, 3), [("a", "f4"), ("b", "i4")])),
    "kernel-huge": _huge,
    "kernel-bomb": _bomb,
    "kernel-is-a-group": lambda file: (file.__delitem__(KERNEL), file.create_group(KERNEL)),
    "kernel-missing": lambda file: file.__delitem__(KERNEL),
    "kernel-soft-link-to-nowhere": lambda file: _linked(file, h5py.SoftLink("/nowhere")),
    "kernel-soft-link-to-itself": lambda file: _linked(file, h5py.SoftLink(f"/{KERNEL}")),
    "kernel-in-another-file": lambda file: _linked(file, h5py.ExternalLink("/etc/passwd", "/x")),
    "weights-missing": lambda file: file.__delitem__("model_weights"),
    "weights-a-dataset": lambda file: (
        file.__delitem__("model_weights"),
        file.__setitem__("model_weights", 1.0),
    ),
    "configuration-missing": lambda file: _attribute(file, None),
    "configuration-a-number": lambda file: _attribute(file, 3.0),
    "configuration-an-array": lambda file: _attribute(file, np.arange(5)),
    "configuration-not-json": lambda file: _attribute(file, "{'class_name': 1}"),
    "configuration-cut": lambda file: _attribute(file, json.dumps(CONFIG)[:-5]),
    "configuration-with-nan": lambda file: _attribute(
        file, json.dumps(CONFIG).replace('"units": 3', '"units": NaN')
    ),
}
