"""Models of ONNX through the reader: our own come back whole, those of others as bare networks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.targets import targets
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import activation_cases, inputs_of, layer_cases
from tests.networks import decoder, four_inputs

CASES = dict([*layer_cases(), *activation_cases()])


@pytest.mark.parametrize("make", [decoder, four_inputs])
def test_our_own_export_comes_back_whole(make: Callable[[], Generator], tmp_path: Path) -> None:
    written = export(make(), "onnx", tmp_path / "toy.onnx").generator
    again = open_model(tmp_path / "toy.onnx")
    assert again.manifest.hash == written.manifest.hash
    assert again.sampling == written.sampling


@pytest.mark.parametrize("case", CASES)
def test_every_layer_comes_back(case: str, tmp_path: Path) -> None:
    network = CASES[case]
    path = tmp_path / "case.onnx"
    prepared = targets["onnx"].prepare(network)
    if targets["onnx"].refusals(prepared):
        pytest.fail(f"the target onnx does not write {case}")
    export(Generator.from_network(network), "onnx", path, verify=False)
    again = open_model(path)
    assert_same(Generator.from_network(network), again)


def assert_same(before: Generator, after: Generator) -> None:
    x = inputs_of(before.network, 16)
    expected = evaluate(before.network, before.split(x)).reshape(16, -1)
    outputs = evaluate(after.network, after.split(x)).reshape(16, -1)
    difference = compare(outputs, expected, "float32")
    assert difference.equal, difference
