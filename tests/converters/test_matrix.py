"""The support matrix: every layer kind and activation in every target, or refused with a reason.

Where a target takes a layer, the file that it writes is executed from disk by its own engine and
compared with the float64 reference, over inputs up to ±1000. ``pytest -s`` shows every worst
difference; reports carry them as properties. What is compiled has one program for all cases, in
``tests/cpp/test_decoder_layers.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.export import reference_vectors, rewritten_for
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import activation_cases, inputs_of, layer_cases

CASES = dict(layer_cases() + activation_cases())
SHOWERS = 8


@pytest.mark.parametrize("target", [name for name in targets if name != "cpp"])
@pytest.mark.parametrize("case", CASES)
def test_written_and_executed_or_refused(
    case: str, target: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    network = CASES[case]
    generator = Generator.from_network(network, name=case)
    try:
        rewritten = rewritten_for(generator, target)
    except UnsupportedError as refusal:
        reason = str(refusal)
        print(f"{case} in {target}: {reason}")  # noqa: T201  # seen with -s
        record_property("refused", reason)
        assert any(f"layer '{name}': " in reason for name in network.shapes), reason
        assert "numba" in str(refusal.hint)  # who takes it
        return
    worst = differ(network, rewritten, target, tmp_path / f"case{targets[target].suffix}")
    print(f"{case} in {target}: worst |Δ| = {worst:.1e}")  # noqa: T201  # seen with -s
    record_property("worst", worst)


def differ(network: Network, rewritten: Generator, target: str, path: Path) -> float:
    """Write and execute a network, hold it against the reference, return the worst difference."""
    if not targets[target].suffix:
        path.mkdir()
    targets[target].write(path, rewritten, reference_vectors(rewritten))
    x = inputs_of(network, SHOWERS)
    found = backends[targets[target].engine_for(rewritten.manifest)].open(path).run(x)
    inputs = Generator.from_network(network).split(x)
    expected = evaluate(network, inputs).reshape(SHOWERS, -1)
    difference = compare(np.asarray(found), expected, targets[target].tolerance)
    assert difference.equal, difference
    return difference.max_abs


def test_every_kind_has_a_case_and_a_target() -> None:
    kinds = {node.kind for network in CASES.values() for node in network.nodes}
    assert kinds == set(layers)
    for network in CASES.values():
        assert targets["numba"].refusals(targets["numba"].prepare(network)) == []
