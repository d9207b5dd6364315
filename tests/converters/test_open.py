from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices, readers
from caloexport.runtime.errors import CaloexportError, InputFileError, UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from tests.converters.keras_models import write_keras_2
from tests.networks import decoder


def keras_file(path: Path, n_in: int, n_out: int) -> Path:
    """Write a one-layer decoder as Keras 2 would."""
    random = np.random.default_rng(0)
    start = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, n_in], "name": "x"}}
    dense = {
        "class_name": "Dense",
        "config": {"name": "dense", "trainable": True, "units": n_out, "activation": "sigmoid"},
    }
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [start, dense]}}
    weights = {
        "dense/kernel:0": random.normal(size=(n_in, n_out)).astype("f4"),
        "dense/bias:0": random.normal(size=n_out).astype("f4"),
    }
    return write_keras_2(path, config, {"dense": weights})


def run_folder(folder: Path, **changes: Any) -> Path:
    """Write a run whose sampling is that of the toy decoder."""
    toy = decoder()
    assert toy.sampling is not None
    folder.mkdir(exist_ok=True)
    keras_file(folder / "decoder.h5", toy.n_in, toy.network.n_outputs)
    manifest = {
        "schema": "caloexport.run/1",
        "name": "toy",
        "decoder": "decoder.h5",
        "sampling": toy.sampling.to_json(),
        "provenance": {"family": "test"},
        **changes,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_keras_file_is_a_bare_network_with_its_origin(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "siw.h5", 5, 3)
    generator = open_model(path)
    assert isinstance(generator, Generator)
    assert generator.sampling is None
    assert generator.manifest.name == "siw"
    assert generator.manifest.provenance == {
        "source": "siw.h5",
        "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "keras_version": "2.15.0",
    }


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "a.h5", 5, 3).rename(tmp_path / "a.keras")
    assert open_model(path).n_in == 5


def test_own_artifact(tmp_path: Path) -> None:
    path = tmp_path / "toy.safetensors"
    export(decoder(), "numba", path)
    again = open_model(str(path))
    assert again.manifest.hash == decoder().manifest.hash
    assert again.sampling is not None


def test_run_folder_samples(tmp_path: Path) -> None:
    generator = open_model(run_folder(tmp_path / "run"))
    toy = decoder()
    assert generator.sampling == toy.sampling
    assert generator.manifest.name == "toy"
    assert generator.manifest.provenance["family"] == "test"
    assert generator.manifest.provenance["source"] == "decoder.h5"


def test_run_folder_without_physics_is_a_bare_network(tmp_path: Path) -> None:
    assert open_model(run_folder(tmp_path / "run", sampling=None)).sampling is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "caloexport.run/9"}, "schema 'caloexport.run/9', expected"),
        ({"decoder": "../decoder.h5"}, "expected a file in the run folder itself"),
        ({"decoder": "/etc/passwd"}, "expected a file in the run folder itself"),
        ({"decoder": "other.keras"}, "other.keras: cannot be read"),
        ({"decoder": ".."}, "is a folder"),
        ({"decoder": 7}, "'decoder' is 7"),
        ({"name": None}, "'name' is None"),
        ({"provenance": []}, "'provenance' is"),
        ({"sampling": {}}, "'output' is missing"),
    ],
)
def test_damaged_run_folder(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    refused(run_folder(tmp_path / "run", **changes), message)


def test_decoder_that_does_not_fit_its_physics(tmp_path: Path) -> None:
    folder, toy = run_folder(tmp_path / "run"), decoder()
    keras_file(folder / "decoder.h5", toy.n_in + 1, toy.network.n_outputs)
    refused(folder, f"the network has {toy.n_in + 1} inputs")
    keras_file(folder / "decoder.h5", toy.n_in, toy.network.n_outputs + 1)
    refused(folder, f"the network has {toy.network.n_outputs + 1} outputs")


def test_unknown_names_in_a_run_blame_the_file(tmp_path: Path) -> None:
    toy = decoder().sampling
    assert toy is not None
    sampling = toy.to_json()
    sampling["output"]["kind"] = "nonsense"
    refused(run_folder(tmp_path / "run", sampling=sampling), "nonsense")


def test_manifest_that_is_not_json(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    (folder / "manifest.json").write_text("{")
    refused(folder, "is not JSON")
    (folder / "manifest.json").write_text("")
    refused(folder, "is empty")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "it is a text"),
        (b'{"shower": "Sequential"}', "it is a JSON text"),
        (b"\x80\x04K\x01.", "Python pickle"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"root\x00\x00", "ROOT file"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", "begins with 00 01"),
        (b"PK\x03\x04", "damaged zip"),
        (b"\x89HDF\r\n\x1a\n", "not a readable Keras file"),
        (b"\x10\x00\x00\x00\x00\x00\x00\x00{", "safetensors"),
        (b"", "is empty"),
    ],
)
def test_what_is_not_a_model(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    refused(path, message)


def test_missing_file_and_foreign_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none", "cannot be read: No such file")
    refused(tmp_path, "a folder without a manifest.json.*accepted: .*a .keras")


@pytest.mark.parametrize("target", ["graphdef"])
def test_formats_that_are_written_only(target: str, tmp_path: Path) -> None:
    from caloexport.converters.targets import targets

    path = tmp_path / f"toy{targets[target].suffix}"
    export(decoder(), target, path)
    with pytest.raises(UnsupportedError, match=f"target '{target}'.*written and verified only"):
        open_model(path)


def refused(path: Path, message: str) -> None:
    with pytest.raises(CaloexportError, match=message) as caught:
        open_model(path)
    assert isinstance(caught.value, InputFileError)
    assert str(path) in str(caught.value)


def test_an_artifact_whose_weights_changed_is_not_a_model(tmp_path: Path) -> None:
    """A file made from it would prove the damage."""
    path = tmp_path / "toy.safetensors"
    export(decoder(), "numba", path)
    arrays, metadata = read_safetensors(path)
    changed = {name: np.array(values) for name, values in arrays.items()}
    changed["cells.bias"][3] = np.nextafter(changed["cells.bias"][3], 1)  # no vector notices
    write_safetensors(tmp_path / "changed.safetensors", changed, metadata)
    with pytest.raises(InputFileError, match="weights were changed after the export"):
        open_model(tmp_path / "changed.safetensors")


@pytest.mark.parametrize(
    ("choices", "option"),
    [
        (Choices(weights=Path("w.h5")), "--weights"),
        (Choices(variables=Path("v.json")), "--variables"),
        (Choices(steps=4), "--steps"),
        (Choices(signature="decode"), "--signature"),
    ],
)
def test_choices_that_mean_nothing_are_refused(
    choices: Choices, option: str, tmp_path: Path
) -> None:
    path = tmp_path / "toy.safetensors"
    export(decoder(), "numba", path)
    with pytest.raises(UsageError, match=rf"{option} means nothing for a .safetensors of"):
        open_model(path, choices)


def test_a_comparison_gives_each_side_what_it_uses(tmp_path: Path) -> None:
    from caloexport.converters.against import compare_models

    path, whole = tmp_path / "toy.safetensors", keras_file(tmp_path / "a.h5", 5, 3)
    model = open_model(whole)
    export(model, "numba", path)
    assert compare_models(path, whole, Choices(steps=4)).equal
    with pytest.raises(
        UsageError, match=r"--weights means nothing for a .safetensors.* and a .ker"
    ):
        compare_models(path, whole, Choices(weights=Path("w.h5")))


@pytest.mark.parametrize("name", readers.names())
def test_what_readers_use_are_choices(name: str) -> None:
    assert {*readers[name].uses} <= {field.name for field in fields(Choices)}
