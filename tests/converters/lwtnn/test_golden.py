from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.arrays import Array
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import TABLE
from tests.golden.lwtnn.make import networks, write_all

GOLDEN = Path(__file__).parents[2] / "golden" / "lwtnn"
NAMES = sorted(path.name.split(".")[0] for path in GOLDEN.glob("*.golden.json"))


def golden(name: str) -> tuple[Array, Array]:
    data = json.loads((GOLDEN / f"{name}.golden.json").read_text())
    return np.array(data["inputs"]), np.array(data["outputs"])


@pytest.mark.parametrize("name", NAMES)
def test_evaluator_gives_what_the_library_gives(name: str) -> None:
    x, expected = golden(name)
    found = evaluate_graph(read_lwtnn(GOLDEN / f"{name}.json"), x)
    worst = np.abs(found - expected).max(axis=1)
    assert (worst <= 1e-12 * np.abs(expected).max(axis=1)).all()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)  # small values, too


@pytest.mark.parametrize("name", sorted(networks()))
def test_the_library_gives_what_the_network_gives(name: str) -> None:
    """Through rewriting, nine digits of text and the real library's reading of it."""
    x, expected = golden(name)
    network = networks()[name]
    ends = np.cumsum([shape[0] for shape in network.inputs.values()])
    parts = dict(zip(network.inputs, np.split(x, ends[:-1], axis=1), strict=True))
    reference = evaluate(network, parts).reshape(len(x), -1)
    row = TABLE["text"]
    scale = np.abs(reference).max(axis=1, keepdims=True)
    assert (np.abs(expected - reference) <= row.atol + row.rtol * scale).all()


def test_the_committed_graphs_are_what_is_written_today(tmp_path: Path) -> None:
    write_all(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {name: (GOLDEN / name).read_bytes() for name in written}
    assert {f"{name}.json" for name in NAMES} == set(written)
