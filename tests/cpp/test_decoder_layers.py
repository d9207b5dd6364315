"""Every layer and activation that has a kernel, in one generated decoder, at every level."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.engines.cpp import open_library
from caloexport.converters.evaluated import evaluated
from caloexport.converters.export import rewritten_for
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import make_vectors
from tests.cpp.compiling import STRICT, Compiler
from tests.cpp.kernels.library import HERE
from tests.every_layer import activation_cases, inputs_of, layer_cases

pytestmark = pytest.mark.system
SHOWERS = 8


def cases() -> dict[str, Network]:
    """Return every network that the target takes."""
    target = targets["cpp"]
    found = layer_cases() + activation_cases()
    return {name: one for name, one in found if not target.refusals(target.prepare(one))}


def together(networks: dict[str, Network]) -> Network:
    """Return one network that evaluates all of them beside each other, results in a row."""
    inputs, nodes, results = {}, [], []
    for number, network in enumerate(networks.values()):

        def named(name: str, number: int = number) -> str:
            return f"{name}_{number}"

        inputs |= {named(name): shape for name, shape in network.inputs.items()}
        for node in network.nodes:
            read = tuple(map(named, node.inputs))
            nodes.append(Node(named(node.name), node.kind, read, node.attributes, node.weights))
        flat = {"shape": [network.n_outputs]}
        results.append(f"flat_{number}")
        nodes.append(Node(results[-1], "reshape", (named(network.outputs[0]),), flat))
    nodes.append(Node("all", "concatenate", tuple(results), {"axis": 0}))
    return Network(inputs, nodes, ["all"])


@cache
def everything() -> tuple[dict[str, Network], Generator, Float32]:
    """Return the networks, the generator of all and its inputs (n, n_in)."""
    networks = cases()
    generator = Generator.from_network(together(networks), name="everything")
    inputs = [inputs_of(network, SHOWERS) for network in networks.values()]
    return networks, rewritten_for(generator, "cpp"), np.concatenate(inputs, axis=1)


@pytest.fixture(scope="module")
def header(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("everything") / "everything.h"
    _, generator, x = everything()
    with np.errstate(all="ignore"):
        outputs = evaluated(generator, x)
    targets["cpp"].write(path, generator, make_vectors(x, outputs, None))
    return path


@pytest.mark.parametrize("level", HERE)
def test_every_layer_gives_what_the_reference_gives(
    level: str, header: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", shlex.join([compiler.path, *STRICT]))
    monkeypatch.setenv("CALOEXPORT_INSTRUCTIONS", level)
    networks, _, x = everything()
    library = open_library(header)
    agrees, report = library.selftest()
    assert agrees, report
    assert f"with {level} instructions" in report
    found = library.run(x)
    columns = results = 0
    for name, network in networks.items():
        part = x[:, columns : columns + network.n_inputs]
        expected = evaluate(network, Generator.from_network(network).split(part))
        values = found[:, results : results + network.n_outputs]
        assert compare(values, expected.reshape(SHOWERS, -1), "float32").equal, name
        columns, results = columns + network.n_inputs, results + network.n_outputs


def test_what_is_not_there_is_a_layer_without_a_kernel() -> None:
    known = {name for name, _ in layer_cases() + activation_cases()}
    refused = {name.partition("-")[0] for name in known - set(cases())}
    assert refused == {"conv", "embedding", "gru", "lstm", "simple_rnn"}
