from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.network import interface_of, network_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.lwtnn.vocabulary import minimum_version
from caloexport.converters.lwtnn.write import write_graph
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.golden.lwtnn.by_hand import STEPS, files
from tests.golden.lwtnn.make import networks, write_all

GOLDEN = Path(__file__).parents[2] / "golden" / "lwtnn"
NAMES = sorted(path.name.split(".")[0] for path in GOLDEN.glob("*.golden.json"))


def golden(name: str) -> tuple[Array, Array]:
    data = json.loads((GOLDEN / f"{name}.golden.json").read_text())
    return np.array(data["inputs"]), np.array(data["outputs"])


def evaluate_flat(network: Network, x: Array) -> Array:
    """Return the reference (n, n_out) for input vectors (n, n_in)."""
    split = Generator.from_network(network).split(x)
    return evaluate(network, split).reshape(len(x), -1)


def assert_equal(row: str, found: Array, expected: Array) -> None:
    difference = compare(found, expected, row)
    assert difference.equal, difference


@pytest.mark.parametrize("name", NAMES)
def test_evaluator_and_network_give_what_the_library_gives(name: str) -> None:
    x, expected = golden(name)
    graph = read_lwtnn(GOLDEN / f"{name}.json", steps=STEPS.get(name))
    found = evaluate_graph(graph, x)
    worst = np.abs(found - expected).max(axis=1)
    assert (worst <= 1e-12 * np.abs(expected).max(axis=1)).all()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)  # small values, too
    assert_equal("text", evaluate_flat(network_of(graph), x), expected)


@pytest.mark.parametrize("name", sorted(networks()))
def test_the_library_gives_what_the_network_gives(name: str) -> None:
    """Through rewriting, nine digits of text and the real library's reading of it."""
    x, expected = golden(name)
    assert_equal("text", expected, evaluate_flat(networks()[name], x))


@pytest.mark.parametrize("name", sorted(networks()))
def test_what_we_wrote_comes_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    path = GOLDEN / f"{name}.json"
    graph = read_lwtnn(path)
    network = targets["lwtnn"].prepare(network_of(graph))
    assert targets["lwtnn"].refusals(network) == []
    about = {"lwtnn_minimum": minimum_version(network)}
    write_graph(tmp_path / "again.json", network, about, interface_of(graph))
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


#: LWTNN takes softmax behind conv1d over the steps, our network says so with two permutations
ONE_WAY = {"conv1d_by_hand"}


@pytest.mark.parametrize("name", sorted(set(files()) - ONE_WAY))
def test_what_others_wrote_computes_the_same_when_written_again(name: str, tmp_path: Path) -> None:
    x, expected = golden(name)
    graph = read_lwtnn(GOLDEN / f"{name}.json", steps=STEPS.get(name))
    network = targets["lwtnn"].prepare(network_of(graph))
    assert targets["lwtnn"].refusals(network) == []
    write_graph(tmp_path / "again.json", network, {}, interface_of(graph))
    again = read_lwtnn(tmp_path / "again.json")
    assert again.labels == graph.labels
    assert again.output_name == graph.output_name
    assert_equal("float64", evaluate_graph(again, x), expected)


def test_the_committed_graphs_are_what_is_written_today(tmp_path: Path) -> None:
    write_all(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {name: (GOLDEN / name).read_bytes() for name in written}
    assert {f"{name}.json" for name in NAMES} == set(written)
