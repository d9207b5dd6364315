"""Network to JSON to network to JSON: the second file is the first, byte for byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caloexport.converters.lwtnn.network import interface_of, network_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.lwtnn.write import write_graph
from caloexport.converters.rewrites.one_output import one_output
from caloexport.converters.targets import targets
from caloexport.runtime.interface import Interface
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.rewrites.random_networks import networks


def written(path: Path, network: Network, names: Interface | None = None) -> bytes:
    prepared = targets["lwtnn"].prepare(network)
    assert targets["lwtnn"].refusals(prepared) == []
    write_graph(path, prepared, {}, names)
    return path.read_bytes()


@given(network=networks(exact=False) | networks(exact=True), seed=st.integers(0, 2**32 - 1))
@settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_networks(tmp_path: Path, network: Network, seed: int) -> None:
    network = one_output(network, network.outputs[0])
    first = written(tmp_path / "a.json", network)
    graph = read_lwtnn(tmp_path / "a.json")
    back = network_of(graph)
    assert written(tmp_path / "b.json", back, interface_of(graph)) == first
    x = {"x": np.random.default_rng(seed).normal(size=(4, *network.inputs["x"]))}
    found, expected = (evaluate(one, x).reshape(4, -1) for one in (back, network))
    assert compare(found, expected, "text").equal
