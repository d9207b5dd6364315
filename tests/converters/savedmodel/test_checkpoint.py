"""Checkpoints of TensorFlow, and files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.savedmodel.checkpoint import Checkpoint
from caloexport.runtime.errors import InputFileError, UnsupportedError

RANDOM = np.random.default_rng(0)
TENSORS: dict[str, Any] = {
    "float": RANDOM.normal(size=(3, 5)).astype("f4"),
    "double": RANDOM.normal(size=4),
    "half": RANDOM.normal(size=(2, 2)).astype("f2"),
    "whole": np.arange(7, dtype=np.int64),
    "one": np.float32(2.5),
    **{f"many/{k:04d}": np.full(k % 5 + 1, k, "f4") for k in range(1500)},
}


@pytest.fixture(scope="module")
def folder(tensorflow: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tensorflow, tmp_path_factory.mktemp("checkpoint"), TENSORS)


def write(tf: Any, folder: Path, tensors: dict[str, Any]) -> Path:
    (folder / "variables").mkdir()
    tf.raw_ops.SaveV2(
        prefix=str(folder / "variables" / "variables"),
        tensor_names=list(tensors),
        shape_and_slices=[""] * len(tensors),
        tensors=[tf.constant(value) for value in tensors.values()],
    )
    return folder


def test_every_tensor_is_what_was_saved(folder: Path) -> None:
    checkpoint = Checkpoint(folder)
    assert sorted(checkpoint.keys()) == sorted(TENSORS)
    for key, wanted in TENSORS.items():
        found = checkpoint.read(key)
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted), key


def test_numbers_of_half_the_length(tensorflow: Any, tmp_path: Path) -> None:
    value = tensorflow.constant([1.5, -2.0, 0.0], tensorflow.bfloat16)
    found = Checkpoint(write(tensorflow, tmp_path, {"x": value})).read("x")
    assert found.dtype == np.float32
    assert found.tolist() == [1.5, -2.0, 0.0]


def test_texts_and_missing_variables(tensorflow: Any, tmp_path: Path) -> None:
    checkpoint = Checkpoint(write(tensorflow, tmp_path, {"text": "abc"}))
    with pytest.raises(UnsupportedError, match="variable 'text' is of the type 7"):
        checkpoint.read("text")
    with pytest.raises(InputFileError, match="holds no variable 'x'"):
        checkpoint.read("x")
    assert "x" not in checkpoint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"abc", "does not end like a table"),
        (bytes(40) + (0xDB4775248B80FB57).to_bytes(8, "little"), "a block ends at byte"),
        (b"\xff" * 40 + (0xDB4775248B80FB57).to_bytes(8, "little"), "does not end"),
    ],
)
def test_an_index_that_is_none(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "variables").mkdir()
    (tmp_path / "variables" / "variables.index").write_bytes(content)
    with pytest.raises(InputFileError, match=message):
        Checkpoint(tmp_path)
