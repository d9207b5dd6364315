"""Checkpoints on a disk that is full."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import OutputFileError
from caloexport.training.checkpoint import read_checkpoint, write_checkpoint


def test_a_full_disk_is_told_and_the_checkpoint_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    write_checkpoint(path, {"a": np.ones(3, "f4")}, {"updates": 1})

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OutputFileError, match="No space left"):
            write_checkpoint(path, {"a": np.zeros(3, "f4")}, {"updates": 2})
    state, progress = read_checkpoint(path)
    assert state["a"].tolist() == [1, 1, 1]
    assert progress == {"updates": 1}
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
