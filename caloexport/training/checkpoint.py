"""Checkpoints: every number that the next update depends on, in one file, replaced atomically."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import atomic_output, existing_file

SCHEMA = "caloexport.checkpoint/1"


def write_checkpoint(path: Path, state: Mapping[str, Array], progress: Mapping[str, Any]) -> None:
    """Write arrays and progress as one safetensors file.

    Args:
        path: of the checkpoint; the one before stays until the new one is whole.
        state: arrays by name.
        progress: plain values: number of updates done, running sums, the best score so far.

    Raises:
        OutputFileError: the place cannot be written, or is full.
    """
    from safetensors.numpy import save

    metadata = {"schema": SCHEMA, "progress": json.dumps(progress)}
    with atomic_output(path) as temporary:
        temporary.write_bytes(
            save(dict(state), metadata)
        )  # the library's own file errors are no OSError


def read_checkpoint(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read arrays and progress.

    Raises:
        InputFileError: missing, damaged, or another kind of file.
    """
    from safetensors import SafetensorError, safe_open

    existing_file(path, "checkpoint")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("schema") != SCHEMA:
                message = f"has the schema {metadata.get('schema')!r}, expected '{SCHEMA}'"
                raise InputFileError(message, where=str(path))
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            progress = json.loads(metadata["progress"])
    except (SafetensorError, KeyError, ValueError) as error:
        message = f"is not a whole checkpoint: {error}"
        raise InputFileError(message, where=str(path)) from error
    return state, progress


def updates_done(path: Path) -> int:
    """Return how many updates a checkpoint stands for; 0 when there is none.

    Raises:
        InputFileError: damaged, or another kind of file.
    """
    return int(read_checkpoint(path)[1]["updates"]) if path.exists() else 0
