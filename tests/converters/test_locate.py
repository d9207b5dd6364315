from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.locate import first_differing_layer
from caloexport.converters.targets import targets
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.packing import Packed
from tests.networks import decoder


@pytest.fixture
def wrong_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write one weight of the second dense layer wrongly."""
    right = Generator.packed.func  # type: ignore[attr-defined]

    def wrong(self: Generator) -> Packed:
        packed = dict(right(self))
        key = ("cells", "kernel")
        if key in packed:
            packed[key] = np.array(packed[key])
            packed[key][0, 1, 2] += 0.5
        return packed

    monkeypatch.setattr(Generator, "packed", property(wrong))


def test_a_faithful_writer_differs_nowhere() -> None:
    x = NoiseLaw(15).draw(4, seed=1)
    assert first_differing_layer(decoder(), targets["numba"], x) is None


@pytest.mark.usefixtures("wrong_kernel")
def test_the_layer_with_the_wrong_weight_is_named(tmp_path: Path) -> None:
    x = NoiseLaw(15).draw(4, seed=1)
    assert first_differing_layer(decoder(), targets["numba"], x) == "cells"
    with pytest.raises(AnswerIsNo, match="first differs at layer 'cells'"):
        export(decoder(), "numba", tmp_path / "toy.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_gives_no_numbers_is_told_apart_from_a_wrong_file(tmp_path: Path) -> None:
    nodes = [
        Node(
            "halves", "normalization", ("x",), {}, {"scale": np.full(2, 0.5), "offset": np.zeros(2)}
        ),
        Node("energies", "activation", ("halves",), {"function": "log"}),
    ]
    generator = Generator.from_network(Network({"x": (2,)}, nodes, ["energies"]))
    with pytest.raises(AnswerIsNo, match=r"model itself gives no finite .*, from 'energies' on"):
        export(generator, "numba", tmp_path / "log.safetensors")
    export(generator, "numba", tmp_path / "log.safetensors", verify=False)
