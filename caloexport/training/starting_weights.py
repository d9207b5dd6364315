"""Weights that a training starts from instead of fresh ones: those of another run, or of a model.

checkpoint.safetensors   of a run: float32, and what its optimizer remembers, which nobody takes over
weights.safetensors      of a model that was published to be trained on: large kernels as the upper
                         halves of float32 words (bfloat16, uint16 in the file), all else float32
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.precisions import SMALLEST_ROUNDED, precisions
from caloexport.runtime.precisions.bfloat16 import bfloat16_of
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.training.checkpoint import SCHEMA as CHECKPOINT
from caloexport.training.families import Trainer
from caloexport.training.fastv.low_rank import KERNEL, A, B, merged

SCHEMA = "caloexport.weights/1"
#: in a folder that was published
WEIGHTS = "weights.safetensors"
#: of a run that can be trained on, and of a model whose weights alone are left
NAMES = ("checkpoint.safetensors", WEIGHTS)


def weights_file(folder: Path) -> Path:
    """Return the file with all weights of a run or of a model, the encoder's or critics' among them.

    Raises:
        InputFileError: there is none.
    """
    for name in NAMES:
        if (folder / name).exists():
            return folder / name
    message = f"has no weights to go on from, expected {' or '.join(NAMES)}"
    hint = f"name a run folder, or a model with its {WEIGHTS}; installed ones are decoders alone"
    raise InputFileError(message, where=str(folder), hint=hint)


def write_weights(trainer: Trainer, path: Path) -> None:
    """Write what another training can start from, large kernels rounded to bfloat16.

    All else has few bytes: small kernels, statistics of normalisation, units of conditions; and
    biases, where 8 bits would leave a logit of -12 in doubt by 3 %.

    Args:
        trainer: with these weights; what its optimizer remembers is left out.
        path: a new file.
    """
    bfloat16 = precisions["bfloat16"]
    kept = {n: value for n, value in trainer.state().items() if n not in trainer.moments()}
    arrays = {
        name: bfloat16.encode(bfloat16_of(value), None) if is_large(value) else value
        for name, value in kept.items()
    }
    # words of four bytes before those of two: a reader finds each at a multiple of its size
    ordered = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    write_safetensors(path, {name: arrays[name] for name in ordered}, {"schema": SCHEMA})


def is_large(value: Array) -> bool:
    """Say whether an array is a kernel that is rounded: those that artifacts round, too."""
    return value.ndim > 1 and value.size >= SMALLEST_ROUNDED


def take_over(trainer: Trainer, path: Path) -> None:
    """Give a trainer the weights of a file; the optimizer's moments stay zero.

    Where a run averages weights it starts from the averages, which are what its decoder holds.

    Args:
        trainer: that has made no update yet.
        path: of :func:`weights_file`.

    Raises:
        InputFileError: a damaged file, or one of another network.
    """
    arrays, metadata = read_safetensors(path)
    if metadata.get("schema") not in (CHECKPOINT, SCHEMA):
        message = f"has the schema {metadata.get('schema')!r:.60}, expected '{SCHEMA}'"
        raise InputFileError(message, where=str(path), hint="written by another version?")
    own = trainer.state()
    needed = own.keys() - trainer.moments().keys() - {A, B}
    _require_same_network(own, arrays, needed, path)
    few = _few_weights(arrays, path) if KERNEL in needed else {}
    found = {name: _numbers(arrays[name], name, path) for name in (*sorted(needed), *few)}
    trainer.restore({**own, **_averaged(merged(found))}, str(path))


def _averaged(state: Mapping[str, Array]) -> dict[str, Array]:
    """Return weights with those that a run averages set to their averages.

    >>> _averaged({"a": np.zeros(1), "average/a": np.ones(1)})["a"].tolist()
    [1.0]
    """
    return {name: state.get(f"average/{name}", value) for name, value in state.items()}


def _require_same_network(
    own: Mapping[str, Array], found: Mapping[str, Array], needed: set[str], path: Path
) -> None:
    for name in sorted(needed):
        there = found[name].shape if name in found else "nothing"
        if there != own[name].shape:
            message = f"'{name}' is {there}, expected {own[name].shape}"
            hint = "adapt with the settings of the run, to showers of its mesh"
            raise InputFileError(message, where=str(path), hint=hint)


def _few_weights(arrays: Mapping[str, Array], path: Path) -> tuple[str, ...]:
    """Return the names of the low-rank change of a kernel, if the file has one that fits it."""
    if A not in arrays:
        return ()
    rows, columns = arrays[KERNEL].shape
    a, b = (arrays[name].shape if name in arrays else () for name in (A, B))
    if len(a) != 2 or a[0] != rows or b != (a[1], columns):
        message = f"'{A}' and '{B}' are {a} and {b}, which make no change of {(rows, columns)}"
        raise InputFileError(message, where=str(path))
    return A, B


def _numbers(stored: Array, name: str, path: Path) -> Float32:
    """Return an array of a file as float32."""
    if stored.dtype == np.uint16:
        found = precisions["bfloat16"].decode(stored, None)
    elif stored.dtype == np.float32:
        found = np.array(stored)
    else:
        message = f"'{name}' is of {stored.dtype}, expected float32, or bfloat16 as uint16"
        raise InputFileError(message, where=str(path))
    if not np.isfinite(found).all():
        raise InputFileError(f"'{name}' holds numbers that are not finite", where=str(path))
    return found
