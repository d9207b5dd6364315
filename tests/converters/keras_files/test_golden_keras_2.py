"""Files that the real Keras 2 wrote, against the outputs that it gave (tests/golden/keras_2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import (
    KerasModel,
    read_keras_architecture,
    read_keras_model,
)
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare

GOLDEN = Path(__file__).parents[2] / "golden" / "keras_2"
VERSIONS = sorted(path.parent.name for path in GOLDEN.glob("*/expected.json"))
MODELS = ("decoder", "sequential", "sequence")


def expected(version: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / version / "expected.json").read_text())[name]
    return found


def check(model: KerasModel, version: str, name: str) -> None:
    golden = expected(version, name)
    values = [np.array(value) for value in golden["inputs"]]
    found = evaluate(model.network, dict(zip(model.network.inputs, values, strict=True)))
    outputs = np.array(golden["outputs"])
    assert found.shape == outputs.shape
    difference = compare(found.reshape(len(found), -1), outputs.reshape(len(found), -1), "float32")
    assert difference.equal, str(difference)


def steps_of(version: str, name: str) -> int | None:
    return len(expected(version, name)["inputs"][0][0]) if name == "sequence" else None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MODELS)
def test_archive(version: str, name: str) -> None:
    """The ``.keras`` of Keras 2, which Keras 3 refuses for Functional models."""
    path = GOLDEN / version / f"{name}.keras"
    model = read_keras_model(path, steps_of(version, name))
    assert model.keras_version == version
    check(model, version, name)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MODELS)
def test_pair(version: str, name: str) -> None:
    """The text of ``to_json`` and the HDF5 of ``save_weights``."""
    folder = GOLDEN / version
    pair = folder / f"{name}.json", folder / f"{name}.h5"
    check(read_keras_architecture(*pair, steps_of(version, name)), version, name)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MODELS)
def test_numbered_weights(version: str, name: str, tmp_path: Path) -> None:
    """The ``.weights.h5`` of Keras 2 is what its archive holds."""
    import zipfile

    folder = GOLDEN / version
    with zipfile.ZipFile(folder / f"{name}.keras") as archive:
        archive.extract("model.weights.h5", tmp_path)
    pair = folder / f"{name}.json", tmp_path / "model.weights.h5"
    check(read_keras_architecture(*pair, steps_of(version, name)), version, name)


def test_there_are_files_of_both_layouts() -> None:
    assert {version.split(".")[1] for version in VERSIONS} >= {"13", "21"}
