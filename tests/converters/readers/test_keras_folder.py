"""Keras models that lie in a folder, packed nowhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from caloexport.converters.open import open_model
from caloexport.runtime.errors import InputFileError
from tests.converters.keras_models import assert_equal_to_keras, inputs_of, keras, sequential

GOLDEN = Path(__file__).parents[2] / "golden" / "keras_2"


def test_saved_unzipped(tmp_path: Path) -> None:
    layers = keras().layers
    model = sequential(4, layers.Dense(3, activation="hard_sigmoid"), layers.BatchNormalization())
    model.save(tmp_path / "siw", zipped=False)
    generator = open_model(tmp_path / "siw")
    assert generator.manifest.name == "siw"
    assert generator.manifest.provenance["keras_version"] == keras().__version__
    assert_equal_to_keras(model, generator.network, inputs_of(model))


@pytest.mark.parametrize("metadata", [True, False])
def test_an_unpacked_archive_of_keras_2(metadata: bool, tmp_path: Path) -> None:
    (archive,) = GOLDEN.glob("2.13.*/decoder.keras")
    with zipfile.ZipFile(archive) as stored:
        stored.extractall(tmp_path)
    if not metadata:
        (tmp_path / "metadata.json").unlink()
    found, packed = open_model(tmp_path), open_model(archive)
    assert found.manifest.network == packed.manifest.network
    assert found.manifest.weights_sha256 == packed.manifest.weights_sha256


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", "{", "config.json: the architecture is not JSON"),
        ("config.json", "", "config.json: is empty"),
        ("config.json", json.dumps({"class_name": "Sequential"}), "lists no layers"),
        ("metadata.json", "[]", "metadata.json: the metadata holds a list"),
        ("model.weights.h5", "hello", "model.weights.h5: is not a readable Keras file"),
    ],
)
def test_damaged_parts(name: str, content: str, message: str, tmp_path: Path) -> None:
    (archive,) = GOLDEN.glob("2.13.*/sequential.keras")
    with zipfile.ZipFile(archive) as stored:
        stored.extractall(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(InputFileError, match=message):
        open_model(tmp_path)
