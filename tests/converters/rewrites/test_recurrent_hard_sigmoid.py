from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.rewrites.recurrent_hard_sigmoid import recurrent_hard_sigmoid
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.golden.lwtnn.maker import Maker

KERAS_3 = {"function": "hard_sigmoid", "slope": 1 / 6}


def recurrent(kind: str, **more: Any) -> Network:
    node = Maker(5).recurrent(kind, "r", "x", 3, 4, recurrent_activation=KERAS_3, **more)
    return Network({"x": (6, 3)}, [node], ["r"])


@pytest.mark.parametrize(
    ("kind", "more"),
    [("lstm", {}), ("gru", {}), ("gru", {"reset_after": True}), ("lstm", {"go_backwards": True})],
)
def test_only_the_gates_are_scaled(kind: str, more: dict[str, Any]) -> None:
    network = recurrent(kind, **more)
    found = recurrent_hard_sigmoid(network, 0.2)
    assert found["r"].attributes["recurrent_activation"]["slope"] == 0.2
    x = {"x": np.random.default_rng(1).normal(size=(20, 6, 3)) * 3}
    np.testing.assert_allclose(evaluate(found, x), evaluate(network, x), rtol=1e-13, atol=1e-15)
    assert recurrent_hard_sigmoid(found, 0.2)["r"] is found["r"]


def test_the_hard_sigmoid_of_keras_3_goes_to_lwtnn(tmp_path: Path) -> None:
    exported = export(Generator.from_network(recurrent("gru")), "lwtnn", tmp_path / "a.json")
    assert exported.verification is not None
    assert exported.verification.equal


def test_without_gates_nothing_changes() -> None:
    node = Maker(6).recurrent("simple_rnn", "r", "x", 3, 4)
    network = Network({"x": (6, 3)}, [node], ["r"])
    assert recurrent_hard_sigmoid(network, 0.2)["r"] is node
