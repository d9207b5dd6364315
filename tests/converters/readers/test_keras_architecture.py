"""The old pair and its variables file, from Python and from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices
from caloexport.runtime.errors import InputFileError, UnknownName, UnsupportedError, UsageError
from caloexport.runtime.files import sha256_of
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import write_keras_2
from tests.converters.old_pairs import (
    called,
    keras_1_layer,
    keras_1_model,
    keras_1_sequential,
    random,
    write_pair,
)

VARIABLES = {
    "inputs": [
        {"name": f"v{k}", "offset": 0.5 * k, "scale": 2.0, "default": 0.0} for k in range(4)
    ],
    "class_labels": ["light", "charm", "bottom"],
}


def architecture() -> dict[str, Any]:
    dense = {"output_dim": 3, "activation": "softmax", "bias": True, "init": "uniform"}
    return keras_1_sequential(
        4,
        keras_1_layer("MaxoutDense", "maxoutdense_1", output_dim=4, nb_feature=2, bias=True),
        keras_1_layer("Highway", "highway_1", activation="relu", bias=True),
        keras_1_layer("Dense", "dense_1", **dense),
    )


def weights() -> dict[str, dict[str, Any]]:
    return {
        "maxoutdense_1": {"maxoutdense_1_W": random(2, 4, 4), "maxoutdense_1_b": random(2, 4)},
        "highway_1": {
            "highway_1_W": random(4, 4), "highway_1_b": random(4),
            "highway_1_W_carry": random(4, 4, seed=1), "highway_1_b_carry": random(4, seed=1),
        },
        "dense_1": {"dense_1_W": random(4, 3), "dense_1_b": random(3)},
    }  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """Write arch.json, weights.h5 and variables.json."""
    write_pair(tmp_path, architecture(), weights(), "1.2.2")
    (tmp_path / "variables.json").write_text(json.dumps(VARIABLES))
    return tmp_path


def choices(folder: Path, variables: bool = True) -> Choices:
    path = folder / "variables.json" if variables else None
    return Choices(weights=folder / "weights.h5", variables=path)


def expected(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the network's output by formulas."""
    x = (x + 0.5 * np.arange(4)) * 2
    x = np.max(x @ random(2, 4, 4) + random(2, 4)[:, None], axis=0)
    c = 1 / (1 + np.exp(-(x @ random(4, 4, seed=1) + random(4, seed=1))))
    x = c * np.maximum(x @ random(4, 4) + random(4), 0) + (1 - c) * x
    power = np.exp(x @ random(4, 3) + random(3))
    return np.asarray(power / power.sum(axis=-1, keepdims=True))


def test_a_pair_with_variables(pair: Path) -> None:
    generator = open_model(pair / "arch.json", choices(pair))
    x = np.random.default_rng(0).normal(size=(5, 4))
    (name,) = generator.network.inputs
    np.testing.assert_allclose(evaluate(generator.network, {name: x}), expected(x), atol=1e-6)
    assert generator.manifest.interface == Interface(
        (Port("input_node", "v{}"),),
        Port("output_node", ("light", "charm", "bottom")),
    )
    provenance = generator.manifest.provenance
    assert provenance["source"] == "arch.json"
    assert provenance["keras_version"] == "1.2.2"
    assert provenance["weights_sha256"] == sha256_of(pair / "weights.h5")
    assert provenance["variables_sha256"] == sha256_of(pair / "variables.json")
    assert provenance["variable_defaults"] == {"v0": 0.0, "v1": 0.0, "v2": 0.0, "v3": 0.0}


def test_a_pair_without_variables_is_a_bare_network(pair: Path) -> None:
    generator = open_model(pair / "arch.json", choices(pair, variables=False))
    assert generator.manifest.interface is None
    assert generator.manifest.name == "arch"


def test_a_model_saved_whole_takes_variables(pair: Path) -> None:
    """What LWTNN's splitter makes a pair of first."""
    path = write_keras_2(pair / "whole.h5", architecture(), weights(), "1.2.2")
    generator = open_model(path, Choices(variables=pair / "variables.json"))
    (name,) = generator.network.inputs
    x = np.random.default_rng(0).normal(size=(5, 4))
    np.testing.assert_allclose(evaluate(generator.network, {name: x}), expected(x), atol=1e-6)


def test_weights_of_a_model_saved_whole_are_its_own(pair: Path) -> None:
    path = write_keras_2(pair / "whole.h5", architecture(), weights(), "1.2.2")
    message = r"whole.h5: --weights means nothing for a .keras or .h5 .*leave it out"
    with pytest.raises(UsageError, match=message):
        open_model(path, choices(pair))


def test_an_architecture_alone_asks_for_weights(pair: Path) -> None:
    with pytest.raises(UsageError, match=r"arch.json: holds an architecture alone.*--weights"):
        open_model(pair / "arch.json")


@pytest.mark.parametrize("first", ["class_name", "keras_version", "config"])
def test_keys_in_any_order(first: str, pair: Path) -> None:
    """Python before 3.6 wrote them in no order."""
    data = json.loads((pair / "arch.json").read_text())
    ordered = {first: data[first], **data}
    (pair / "arch.json").write_text(json.dumps(ordered, indent=2))
    assert open_model(pair / "arch.json", choices(pair)).network.parameters == 103


@pytest.fixture
def simple(tmp_path: Path) -> Path:
    """Write a pair of layers that every target knows."""
    dense = {"output_dim": 3, "activation": "sigmoid", "bias": False, "init": "uniform"}
    normalization = keras_1_layer("BatchNormalization", "bn_1", epsilon=1e-3, mode=0)
    model = keras_1_sequential(4, normalization, keras_1_layer("Dense", "dense_1", **dense))
    names = ("gamma", "beta", "running_mean", "running_std")
    stored = {f"bn_1_{name}": np.abs(random(4, seed=k)) for k, name in enumerate(names)}
    write_pair(tmp_path, model, {"bn_1": stored, "dense_1": {"dense_1_W": random(4, 3)}}, "1.2.2")
    (tmp_path / "variables.json").write_text(json.dumps(VARIABLES))
    return tmp_path


def convert(folder: Path, *options: str) -> int:
    arguments = ["convert", str(folder / "arch.json"), "--weights", str(folder / "weights.h5")]
    return exit_code([*arguments, *options])


@pytest.mark.parametrize("target", ["onnx", "numba", "lwtnn"])
def test_from_the_command_line(
    target: str, simple: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, variables = simple / "out", str(simple / "variables.json")
    code = convert(simple, "--variables", variables, "--to", target, "-o", str(out), "--json")
    printed = capsys.readouterr()
    assert code == 0, printed.err
    result = json.loads(printed.out)
    assert result["verified"] is True
    assert Path(result["path"]).stat().st_size > 0


def test_lwtnn_finds_the_names_of_the_variables_file(pair: Path) -> None:
    """What LWTNN's own converters would have written, in one command."""
    out = pair / "network.json"
    variables = str(pair / "variables.json")
    assert convert(pair, "--variables", variables, "--to", "lwtnn", "-o", str(out)) == 0
    written = json.loads(out.read_text())
    (node,) = written["inputs"]
    assert node["name"] == "input_node"
    assert [one["name"] for one in node["variables"]] == ["v0", "v1", "v2", "v3"]
    (output,) = written["outputs"].items()
    assert (output[0], output[1]["labels"]) == ("output_node", ["light", "charm", "bottom"])
    generator = open_model(out)
    x = np.random.default_rng(0).normal(size=(5, 4))
    (name,) = generator.network.inputs
    np.testing.assert_allclose(evaluate(generator.network, {name: x}), expected(x), atol=1e-6)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--variables", "none.json"], 3, "none.json: cannot be read"),
        (["--variables", "arch.json"], 3, "not a variables file"),
        (["--weights", "variables.json"], 3, "not a readable Keras file"),
        (["--weights", "none.h5"], 3, "none.h5: cannot be read"),
        (["--steps", "5"], 0, ""),
    ],
)
def test_mistakes_at_the_command_line(
    options: list[str],
    code: int,
    message: str,
    simple: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(simple)
    assert convert(simple, *options, "--to", "onnx", "-o", "out.onnx") == code
    printed = capsys.readouterr().err
    assert message in printed
    weights = str(simple / "weights.h5")  # the one path that is given whole
    assert str(simple) not in printed.replace(str(simple / "arch.json"), "").replace(weights, "")
    assert (simple / "out.onnx").exists() == (code == 0)


def test_a_damaged_architecture(pair: Path) -> None:
    whole = (pair / "arch.json").read_text()
    (pair / "arch.json").write_text(whole[:-40])
    with pytest.raises(InputFileError, match=r"arch.json: the architecture is not JSON"):
        open_model(pair / "arch.json", choices(pair))


def masked(folder: Path) -> Path:
    """Write a pair that hides steps in Keras, and its variables file."""
    mask = keras_1_layer("Masking", "masking_1", mask_value=0.0)
    dense = {"output_dim": 3, "activation": "linear"}
    model = keras_1_sequential(4, mask, keras_1_layer("TimeDistributedDense", "tdd_1", **dense))
    mask["config"]["batch_input_shape"] = [None, None, 4]
    stored = {"tdd_1": {"tdd_1_W": random(4, 3), "tdd_1_b": random(3)}}
    write_pair(folder, model, stored, "1.2.2")
    (folder / "variables.json").write_text(json.dumps(VARIABLES))
    return folder


def test_masks_are_left_out_with_a_variables_file_and_that_is_said(tmp_path: Path) -> None:
    """LWTNN has no masks: its callers give the real steps alone."""
    given = replace(choices(masked(tmp_path)), steps=5)
    generator = open_model(tmp_path / "arch.json", given)
    assert generator.manifest.provenance["masks"] == "left out, every step counts"
    assert generator.network.inputs == {"masking_1_input": (5, 4)}
    with pytest.raises(UnsupportedError, match=r"'masking_1' \(Masking\)"):
        open_model(tmp_path / "arch.json", replace(given, variables=None))


def two_outputs(folder: Path) -> Choices:
    """Write a functional pair of two outputs, of which the first has an activation."""
    start = keras_1_layer("InputLayer", "x", batch_input_shape=[None, 4])
    flavour = keras_1_layer("Dense", "flavour", output_dim=3, activation="softmax")
    charge = keras_1_layer("Dense", "charge", output_dim=1, activation="linear")
    layers = [called(start), called(flavour, "x"), called(charge, "x")]
    model = keras_1_model(layers, ["x"], "flavour")
    model["config"]["output_layers"].append(["charge", 0, 0])
    stored = {
        name: {f"{name}_W": random(4, n), f"{name}_b": random(n)}
        for name, n in (("flavour", 3), ("charge", 1))
    }
    write_pair(folder, model, stored, "1.2.2")
    outputs = [
        {"name": "flavour_0", "labels": ["l", "c", "b"]},
        {"name": "charge_0", "labels": ["q"]},
    ]
    inputs = [{"name": "node_0", "variables": VARIABLES["inputs"]}]
    content = {"inputs": inputs, "input_sequences": [], "outputs": outputs}
    (folder / "variables.json").write_text(json.dumps(content))
    return choices(folder)


@pytest.mark.parametrize("wanted", ["charge", "charge_0"])
def test_one_output_is_taken_by_any_of_its_names(wanted: str, tmp_path: Path) -> None:
    given = replace(two_outputs(tmp_path), output=wanted)
    generator = open_model(tmp_path / "arch.json", given)
    assert [node.name for node in generator.network.nodes] == ["x_scaled", "charge"]
    assert generator.manifest.interface is not None
    assert generator.manifest.interface.output == Port("charge_0", ("q",))
    x = np.random.default_rng(0).normal(size=(5, 4))
    y = (x + 0.5 * np.arange(4)) * 2 @ random(4, 1) + random(1)
    np.testing.assert_allclose(evaluate(generator.network, {"x": x}), y, atol=1e-5)


def test_outputs_are_named_where_one_has_to_be_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = two_outputs(tmp_path)
    assert convert(tmp_path, "--to", "onnx", "-o", str(tmp_path / "a.onnx")) == 4
    assert "--take NAME" in capsys.readouterr().err
    with pytest.raises(UnknownName, match=r"unknown output 'size'.*charge.*flavour"):
        open_model(tmp_path / "arch.json", replace(given, output="size"))
    options = ["--take", "flavour", "--to", "onnx", "-o", str(tmp_path / "a.onnx")]
    assert convert(tmp_path, *options) == 0
