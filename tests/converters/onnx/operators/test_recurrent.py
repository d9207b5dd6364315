"""LSTM, GRU and RNN against ONNX Runtime: all states and the last, in both directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from caloexport.runtime.errors import InputFileError, UnsupportedError
from tests.converters.onnx.models import BATCH, assert_same, model, read

STEPS, FEATURES, UNITS = 4, 3, 2
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def recurrent(
    operator: str, *, last: bool = False, changed: dict[str, Any] | None = None, **options: Any
) -> onnx.ModelProto:
    """Return a recurrent operator between the transpositions of an exporter.

    Args:
        operator: LSTM, GRU or RNN.
        last: return the last state instead of all.
        changed: other constants.
        options: attributes.
    """
    random = np.random.default_rng(6)
    ways = 2 if options.get("direction") == "bidirectional" else 1
    gates = GATES[operator] * UNITS
    constants = {
        "w": random.normal(size=(ways, gates, FEATURES)).astype(np.float32),
        "r": random.normal(size=(ways, gates, UNITS)).astype(np.float32),
        "b": random.normal(size=(ways, 2 * gates)).astype(np.float32),
        **(changed or {}),
    }
    names = ["s", "w", "r", "b", "", "h" if "h" in constants else ""]
    outputs = ["", "z"] if last else ["z"]
    # (steps, directions, batch, units) or (directions, batch, units): the batch to the front
    order = [1, 0, 2] if last else [2, 0, 1, 3]
    nodes = [
        helper.make_node("Transpose", ["x"], ["s"], perm=[1, 0, 2]),
        helper.make_node(operator, names, outputs, name="n", hidden_size=UNITS, **options),
        helper.make_node("Transpose", ["z"], ["y"], perm=order),
    ]
    return model(nodes, {"x": [BATCH, STEPS, FEATURES]}, constants)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("operator", GATES)
def test_every_direction(operator: str, direction: str, last: bool, tmp_path: Path) -> None:
    given = recurrent(operator, last=last, direction=direction)
    assert_same(given, read(given, tmp_path))


def test_a_gru_that_resets_after_the_matrix(tmp_path: Path) -> None:
    given = recurrent("GRU", linear_before_reset=1)
    found = read(given, tmp_path)
    assert_same(given, found)
    assert found.network.nodes[0].attributes["reset_after"]


def test_other_activations_with_their_parameters(tmp_path: Path) -> None:
    given = recurrent(
        "LSTM", activations=["HardSigmoid", "Elu", "Elu"],
        activation_alpha=[0.3, 0.7, 0.7], activation_beta=[0.5],
    )  # fmt: skip
    found = read(given, tmp_path)
    assert_same(given, found)
    layer = found.network.nodes[0]
    assert layer.attributes["recurrent_activation"] == {"function": "hard_sigmoid", "slope": 0.3}
    assert layer.attributes["activation"] == {"function": "elu", "alpha": 0.7}


def test_a_layer_that_returns_its_last_state_only(tmp_path: Path) -> None:
    found = read(recurrent("GRU", last=True), tmp_path)
    assert found.network.nodes[0].attributes["return_sequences"] is False


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"clip": 3.0}, UnsupportedError, "clips its gates"),
        ({"activations": ["Affine"]}, UnsupportedError, "its activations are Affine"),
        ({"changed": {"h": np.ones((1, 1, UNITS), "f4")}}, UnsupportedError, "initial state"),
        ({"changed": {"r": np.ones((1, 3, UNITS), "f4")}}, InputFileError, "do not fit together"),
        ({"direction": "sideways"}, InputFileError, "'direction' is 'sideways'"),
    ],
)
def test_refusals(
    options: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=rf"operator RNN \('n'\).*{message}"):
        read(recurrent("RNN", **options), tmp_path)
