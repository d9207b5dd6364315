"""Architecture and weights in two files, of which one is damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from caloexport.converters.readers import Choices
from tests.malformed.damage import Case, changed, cuts, removed, set_to
from tests.malformed.keras_archive import CONFIG

LIBRARIES = ("h5py", "caloexport.converters.readers")
ARCHITECTURE: dict[str, Any] = {**CONFIG, "keras_version": "2.10.0", "backend": "tensorflow"}
VARIABLES: dict[str, Any] = {
    "inputs": [
        {"name": "node_0", "variables": [
            {"name": f"variable_{k}", "offset": 0.5, "scale": 2.0} for k in range(4)
        ]}
    ],
    "input_sequences": [],
    "outputs": [{"name": "dense_0", "labels": ["out_0", "out_1", "out_2"]}],
}  # fmt: skip


def cases(folder: Path) -> Iterator[Case]:
    """Write them: each with the other files whole."""
    whole, weights = json.dumps(ARCHITECTURE).encode(), _weights()
    for name, content in (*cuts(whole, 5), *_architectures()):
        yield _case(folder, f"architecture-{name}", content, weights)
    for name, content in (*cuts(weights, 5), ("text", b"hello"), ("missing", b"")):
        yield _case(folder, f"weights-{name}", whole, content)
    for name, variables in _variables():
        yield _case(folder, f"variables-{name}", whole, weights, variables)


def good(folder: Path) -> Choices:
    """Write an architecture; its weights and variables lie beside the folder."""
    (folder / "good.json").write_bytes(json.dumps(ARCHITECTURE).encode())
    weights, variables = folder.parent / "good.weights.h5", folder.parent / "good.variables"
    weights.write_bytes(_weights())
    variables.write_bytes(json.dumps(VARIABLES).encode())
    return Choices(weights=weights, variables=variables)


def _case(
    folder: Path, name: str, architecture: bytes, weights: bytes, variables: bytes | None = None
) -> Case:
    path = folder / f"{name}.json"
    path.write_bytes(architecture)
    options = ["--weights", f"{folder}/{name}.json.h5"]
    if weights:
        Path(options[1]).write_bytes(weights)
    if variables is not None:
        options += ["--variables", f"{folder}/{name}.json.variables"]
        Path(options[3]).write_bytes(variables)
    return Case(name, path, tuple(options))


def _weights() -> bytes:
    with h5py.File.in_memory() as file:
        file.attrs["layer_names"] = [b"x", b"dense"]
        file.attrs["keras_version"] = b"2.10.0"
        file.create_group("x").attrs["weight_names"] = np.array([], dtype="S1")
        group = file.create_group("dense")
        group.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
        group["dense/kernel:0"] = np.ones((4, 3), np.float32)
        group["dense/bias:0"] = np.zeros(3, np.float32)
        file.flush()
        return bytes(file.id.get_file_image())


def _architectures() -> Iterator[tuple[str, bytes]]:
    layer = ("config", "layers", 1)
    changes: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("layers-empty", ("config", "layers"), []),
        ("units-negative", (*layer, "config", "units"), -3),
        ("units-of-another-model", (*layer, "config", "units"), 4),
        ("layer-unknown", (*layer, "class_name"), "Evil"),
        ("layer-lambda", (*layer, "class_name"), "Lambda"),
        ("name-of-another-model", (*layer, "config", "name"), "dense_7"),
        ("layer-is-text", layer, "Dense"),
        ("input-open", ("config", "layers", 0, "config", "batch_shape"), [None, None]),
    ]
    for name, path, value in changes:
        yield name, json.dumps(changed(ARCHITECTURE, path, set_to(value))).encode()
    yield "nested", b'{"class_name": "Sequential", "config": ' + b"[" * 100_000


def _variables() -> Iterator[tuple[str, bytes]]:
    variable = ("inputs", 0, "variables")
    changes: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("too-few", variable, VARIABLES["inputs"][0]["variables"][:3]),
        ("offset-is-text", (*variable, 0, "offset"), "zero"),
        ("scale-null", (*variable, 0, "scale"), None),
        ("names-equal", (*variable, 0, "name"), "variable_1"),
        ("labels-too-few", ("outputs", 0, "labels"), ["out_0"]),
        ("inputs-an-object", ("inputs",), {"a": 1}),
    ]
    for name, path, value in changes:
        yield name, json.dumps(changed(VARIABLES, path, set_to(value))).encode()
    yield "without-inputs", json.dumps(changed(VARIABLES, ("inputs",), removed)).encode()
    yield "cut", json.dumps(VARIABLES).encode()[:-40]
    yield "nan", json.dumps(VARIABLES).replace("0.5", "NaN", 1).encode()
