"""Weights that a training starts from instead of fresh ones: those of another run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.families import Trainer
from caloexport.training.fastv.low_rank import A, B, merged

#: of a run that can be trained on, and of a model whose weights alone are left
NAMES = ("checkpoint.safetensors", "weights.safetensors")


def weights_file(folder: Path) -> Path:
    """Return the file with all weights of a run or of a model, the encoder's or critics' among them.

    Raises:
        InputFileError: there is none.
    """
    for name in NAMES:
        if (folder / name).exists():
            return folder / name
    message = f"has no weights to go on from, expected {' or '.join(NAMES)}"
    hint = "name a run folder; a decoder alone cannot be trained on"
    raise InputFileError(message, where=str(folder), hint=hint)


def take_over(trainer: Trainer, path: Path) -> None:
    """Give a trainer the weights of a file; the optimizer's moments stay zero.

    Where a run averages weights it starts from the averages, which are what its decoder holds.

    Args:
        trainer: that has made no update yet.
        path: of :func:`weights_file`.

    Raises:
        InputFileError: a damaged file, or one of another network.
    """
    found = merged(read_checkpoint(path)[0])
    own = trainer.state()
    needed = own.keys() - trainer.moments().keys() - {A, B}
    _require_same_network(own, found, needed, path)
    best = {name: found.get(f"average/{name}", found[name]) for name in needed}
    taken = {name: np.asarray(best[name], dtype=own[name].dtype) for name in needed}
    trainer.restore({**own, **taken}, str(path))


def _require_same_network(
    own: Mapping[str, Array], found: Mapping[str, Array], needed: set[str], path: Path
) -> None:
    for name in sorted(needed):
        there = found[name].shape if name in found else "nothing"
        if there != own[name].shape:
            message = f"'{name}' is {there}, expected {own[name].shape}"
            hint = "adapt with the settings of the run, to showers of its mesh"
            raise InputFileError(message, where=str(path), hint=hint)
