"""Damaged, foreign and hostile files: one clear sentence, exit code 3, bounded memory."""

from __future__ import annotations

import functools
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import InputFileError
from tests.converters.keras_models import keras_2_layer, write_keras_2


def dense_config(n_in: int = 4, units: int = 3) -> dict[str, Any]:
    start = {"class_name": "InputLayer", "config": {"batch_shape": [None, n_in], "name": "x"}}
    layer = {
        "class_name": "Dense",
        "config": {"name": "dense", "trainable": True, "units": units, "activation": "tanh"},
    }
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [start, layer]}}


def good_weights() -> dict[str, np.ndarray[Any, Any]]:
    return {"0": np.ones((4, 3), np.float32), "1": np.zeros(3, np.float32)}


def write_archive(
    path: Path,
    config: Any = None,
    weights: dict[str, Any] | None = None,
    group: str = "layers/dense/vars",
    **options: Any,
) -> Path:
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        own = file.create_group(group)
        for key, value in (good_weights() if weights is None else weights).items():
            own[key] = value
    text = config if isinstance(config, str) else json.dumps(config or dense_config())
    with zipfile.ZipFile(path, "w", **options) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.12.0"}')
        archive.writestr("config.json", text)
        archive.writestr("model.weights.h5", stored.getvalue())
    return path


def refused(path: Path, message: str) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        read_keras(path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert read_keras(write_archive(tmp_path / "a.keras")).parameters == 15


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none.keras", "cannot be read")
    (tmp_path / "empty.keras").touch()
    refused(tmp_path / "empty.keras", "is empty")
    refused(tmp_path, "is a folder")


@pytest.mark.parametrize("keep", [5, 100, 1000, -200, -1])
def test_truncated_archive(keep: int, tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "a.keras").read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(whole[:keep])
    refused(path, "damaged zip archive")


@functools.cache
def whole_h5(folder: Path) -> bytes:
    weights = {"dense/kernel:0": np.ones((4, 3), "f4"), "dense/bias:0": np.zeros(3, "f4")}
    return write_keras_2(folder / "a.h5", dense_config(), {"dense": weights}).read_bytes()


@pytest.mark.parametrize("keep", [8, 60, 500, 2000, -800, -1])
def test_truncated_h5(keep: int, tmp_path: Path) -> None:
    path = tmp_path / "cut.h5"
    path.write_bytes(whole_h5(tmp_path)[:keep])
    refused(path, "not a readable Keras file|is truncated: the HDF5 header promises more")


def test_every_flipped_byte_is_read_or_refused(tmp_path: Path) -> None:
    """No damage may end in another exception than ours."""
    from caloexport.runtime.errors import CaloexportError

    random = np.random.default_rng(0)
    for path in (tmp_path / "a.h5", write_archive(tmp_path / "b.keras")):
        whole = whole_h5(tmp_path) if path.suffix == ".h5" else path.read_bytes()
        outcomes = set()
        for place in random.integers(0, len(whole), 80):
            damaged = bytearray(whole)
            damaged[place] ^= int(random.integers(1, 256))
            path.write_bytes(damaged)
            try:
                outcomes.add(type(read_keras(path)))
            except CaloexportError as error:
                outcomes.add(type(error))
        assert len(outcomes) > 1


def test_zip_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    refused(path, "without metadata.json, so not a Keras model; it holds photo.jpg")


def test_text_and_pickle(tmp_path: Path) -> None:
    for content in (b"hello", b"\x80\x04K\x01."):
        path = tmp_path / "a.keras"
        path.write_bytes(content)
        refused(path, "neither zip nor HDF5")


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(dense_config()))
        archive.writestr("model.weights.h5", bytes(60_000_000))
    assert path.stat().st_size < 100_000
    assert peak_while(lambda: refused(path, "claims 60000000 bytes packed into")) < 10_000_000


def test_declared_but_absent_data(tmp_path: Path) -> None:
    """HDF5 can declare a terabyte that takes no space."""
    path = tmp_path / "a.h5"
    write_keras_2(path, dense_config(), {"dense": {"dense/bias:0": np.zeros(3, "f4")}})
    with h5py.File(path, "a") as file:
        shape = (500_000, 500_000)
        file.create_dataset("model_weights/dense/dense/kernel:0", shape, "f4", chunks=(1000, 1000))
    assert peak_while(lambda: refused(path, "has no data in this file")) < 10_000_000


def test_compressed_beyond_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    write_keras_2(path, dense_config(), {"dense": {"dense/bias:0": np.zeros(3, "f4")}})
    with h5py.File(path, "a") as file:
        place = "model_weights/dense/dense/kernel:0"
        file.create_dataset(place, (10_000_000,), "f4", chunks=(1_000_000,), compression="gzip")
        file[place][...] = 0
    assert peak_while(lambda: refused(path, "more than such a file can hold")) < 10_000_000


def peak_while(action: Callable[[], None]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["soft", "external", "virtual", "external-data"])
def test_data_from_elsewhere(kind: str, tmp_path: Path) -> None:
    """A file must not be able to read other files of the machine into a model."""
    path, place = tmp_path / "a.h5", "model_weights/dense/dense/kernel:0"
    write_keras_2(path, dense_config(), {"dense": {"dense/bias:0": np.zeros(3, "f4")}})
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["secret"] = np.ones((4, 3), "f4")
    (tmp_path / "secret.bin").write_bytes(bytes(48))
    with h5py.File(path, "a") as file:
        if kind == "soft":
            file[place] = h5py.SoftLink("/model_weights/dense/dense/bias:0")
        elif kind == "external":
            file[place] = h5py.ExternalLink("other.h5", "secret")
        elif kind == "virtual":
            layout = h5py.VirtualLayout((4, 3), "f4")
            layout[...] = h5py.VirtualSource(tmp_path / "other.h5", "secret", (4, 3))
            file.create_virtual_dataset(place, layout)
        else:
            where = [(str(tmp_path / "secret.bin"), 0, 48)]
            file.create_dataset(place, (4, 3), "f4", external=where)
    refused(path, "link to another place|has no data in this file")


def test_nan_and_infinite_weights(tmp_path: Path) -> None:
    weights = good_weights()
    weights["0"][2, 1] = np.nan
    refused(write_archive(tmp_path / "a.keras", weights=weights), r"kernel\[2, 1\] = nan")
    weights["0"] = np.full((4, 3), 1e300)
    refused(write_archive(tmp_path / "b.keras", weights=weights), r"kernel\[0, 0\] = inf")


def test_weights_of_wrong_shape_or_number(tmp_path: Path) -> None:
    wide = {**good_weights(), "0": np.ones((4, 5), "f4")}
    refused(write_archive(tmp_path / "a.keras", weights=wide), r"\(4, 5\).*says \(4, 3\)")
    bias = {**good_weights(), "1": np.ones(4, "f4")}
    refused(write_archive(tmp_path / "b.keras", weights=bias), "'dense'.*expected a bias of 3")
    more = {**good_weights(), "2": np.ones(4, "f4")}
    refused(write_archive(tmp_path / "c.keras", weights=more), "has 3 weights, expected 2")
    scalar = {"0": np.float32(1), "1": np.float32(1)}
    refused(write_archive(tmp_path / "d.keras", weights=scalar), r"\(\).*says \(4, 3\)")


def test_missing_weights(tmp_path: Path) -> None:
    refused(write_archive(tmp_path / "a.keras", weights={}), "has 0 weights, expected 2")
    elsewhere = write_archive(tmp_path / "b.keras", group="layers/conv/vars")
    refused(elsewhere, "no weights for layer 'dense'")
    half = {"dense": {"dense/kernel:0": np.ones((4, 3), "f4")}}
    path = write_keras_2(tmp_path / "c.h5", dense_config(), half)
    refused(path, "weight 'bias' of layer 'dense' is missing")


def test_weights_without_a_graph_and_showers(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["layers/dense/vars/0"] = np.ones(3)
    refused(tmp_path / "a.h5", "holds weights alone.*model.save")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["showers"] = np.ones(3)
    refused(tmp_path / "b.h5", "without a Keras model .it holds showers")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("[1, 2]", "holds a list, expected an object"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"class_name": "Sequential"}', "lists no layers"),
        ('{"class_name": "Sequential", "config": {"layers": []}}', "has no layers"),
        ('{"class_name": "Sequential", "config": {"layers": [7]}}', "a layer is int"),
        ('{"class_name": "Functional", "config": {"layers": 7}}', "'layers' is 7"),
    ],
)
def test_configuration_of_another_kind(config: str, message: str, tmp_path: Path) -> None:
    refused(write_archive(tmp_path / "a.keras", config), message)


def model_of(*layers: dict[str, Any], output: str = "b") -> dict[str, Any]:
    start = keras_2_layer("InputLayer", "x", batch_input_shape=[None, 4])
    graph = {
        "name": "m",
        "layers": [start, *layers],
        "input_layers": [["x", 0, 0]],
        "output_layers": [[output, 0, 0]],
    }
    return {"class_name": "Functional", "config": graph}


def test_loop_gap_and_dangling_output(tmp_path: Path) -> None:
    a = keras_2_layer("Identity", "a", [["b", 0, 0, {}]])
    b = keras_2_layer("Identity", "b", [["a", 0, 0, {}]])
    path = tmp_path / "a.keras"
    refused(write_archive(path, model_of(a, b)), "a loop or a gap at 'a', 'b'")
    lost = keras_2_layer("Identity", "b", [["nowhere", 0, 0, {}]])
    refused(write_archive(path, model_of(lost)), "a loop or a gap at 'b'")
    good = keras_2_layer("Identity", "b", [["x", 0, 0, {}]])
    refused(write_archive(path, model_of(good, output="c")), "output 'c'.*made by no layer")
    refused(write_archive(path, model_of(good, good)), "two layers of one model are named 'b'")
    odd = keras_2_layer("Identity", "b", [["x", -1, 0, {}]])
    refused(write_archive(path, model_of(odd)), "does not refer to the output of a layer")


def test_nesting_without_end(tmp_path: Path) -> None:
    config = dense_config()
    for _ in range(20):
        config = {"class_name": "Sequential", "config": {"name": "s", "layers": [config]}}
    refused(write_archive(tmp_path / "a.keras", config), "nested more than 16 deep")


def test_models_that_double_at_every_level(tmp_path: Path) -> None:
    """Fourteen small models, each calling the next one twice, would make 16384 layers."""
    inner = model_of(keras_2_layer("Identity", "b", [["x", 0, 0, {}]]))
    for _ in range(14):
        inner["name"] = "b"
        inner["inbound_nodes"] = [[["x", 0, 0, {}]], [["b", 1, 0, {}]]]
        outer = model_of(inner)
        outer["config"]["output_layers"] = [["b", 2, 0]]
        inner = outer
    refused(write_archive(tmp_path / "a.keras", inner), "more than 2000 calls")


def test_negative_variance(tmp_path: Path) -> None:
    config = dense_config()
    config["config"]["layers"][1] = keras_2_layer("BatchNormalization", "dense", epsilon=1e-3)
    ones = np.ones(4, "f4")
    weights = {"0": ones, "1": ones, "2": ones, "3": np.array([1, 1, -2, 1], "f4")}
    path = write_archive(tmp_path / "a.keras", config, weights, "layers/batch_normalization/vars")
    refused(path, "unit 2 has the variance -1.999")
