"""ONNX Runtime and TensorFlow against the reference: every layer, activation, size and extreme."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.export import export, reference_vectors
from caloexport.converters.targets import targets
from caloexport.runtime.activations import Activation, activations
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.layers import LayerKind, layers
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.every_layer import activation_cases, inputs_of, layer_cases, wide_inputs
from tests.networks import decoder, four_inputs

ENGINES = {"onnx": "onnxruntime", "savedmodel": "tensorflow"}
CASES = dict(activation_cases() + layer_cases())


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_every_layer_gives_what_the_reference_gives(case: str, target: str, tmp_path: Path) -> None:
    network, path = CASES[case], tmp_path / f"case{targets[target].suffix}"
    refusals = targets[target].refusals(network)
    if refusals:  # a declared refusal is an answer; a crash is not
        assert {r.layer for r in refusals} <= {node.name for node in network.nodes}
        return
    path.mkdir() if not targets[target].suffix else None
    generator = Generator.from_network(network, name=case)
    # not through prepare: the translation of this very layer is what is tested
    targets[target].write(path, generator, reference_vectors(generator))
    executor = backends[ENGINES[target]].open(path)
    x = inputs_of(network, 16)
    expected = evaluate(network, generator.split(x)).reshape(16, -1)
    assert executor.run(x).dtype == np.float32
    assert compare(executor.run(x), expected, "float32").equal
    assert compare(executor.run(x[3:4]), expected[3:4], "float32").equal


@pytest.mark.parametrize("target", ENGINES)
def test_unknown_kinds_are_refused_by_name(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Flow(LayerKind):
        def shape(self, node, shapes):  # type: ignore[no-untyped-def]
            return shapes[0]

    layers.names()
    monkeypatch.setitem(layers._entries, "flow", Flow())
    monkeypatch.setitem(activations._entries, "sparsemax", Activation(lambda x: x, {}))
    nodes = [
        Node("a", "flow", ("x",)),
        Node("b", "activation", ("a",), {"function": "sparsemax"}),
    ]
    refusals = targets[target].refusals(Network({"x": (2,)}, nodes, ["b"]))
    assert [r.layer for r in refusals] == ["a", "b"]
    assert "layer kind 'flow'" in refusals[0].reason and "'sparsemax'" in refusals[1].reason


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("make", [decoder, four_inputs])
def test_decoders_of_one_and_of_four_inputs(make, target: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    generator = make()
    exported = export(generator, target, tmp_path / f"toy{targets[target].suffix}")
    x = wide_inputs(8, generator.n_in)
    expected = evaluate(generator.network, generator.split(x)).reshape(8, -1)
    engine = backends[ENGINES[target]]
    for executor in (engine.open(exported.path), engine.prepare(generator)):
        assert compare(executor.run(x), expected, "float32").equal


@pytest.mark.parametrize("target", ENGINES)
def test_no_showers_and_columns_of_a_larger_array(target: str) -> None:
    executor = backends[ENGINES[target]].prepare(four_inputs())
    wide = wide_inputs(6, 30)
    strided = wide[::2, :15]
    assert not strided.flags.c_contiguous
    np.testing.assert_array_equal(executor.run(strided), executor.run(strided.copy()))
    assert executor.run(strided[:0]).shape == (0, 60)


@pytest.mark.parametrize("target", ENGINES)
def test_calls_from_many_threads_do_not_mix(target: str) -> None:
    generator = decoder()
    executor = backends[ENGINES[target]].prepare(generator)
    blocks = [wide_inputs(1 + k % 5, generator.n_in) * (k % 7) for k in range(40)]
    expected = [executor.run(block) for block in blocks]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(executor.run, blocks))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("target", ENGINES)
def test_outputs_are_not_reused(target: str) -> None:
    generator = decoder()
    executor = backends[ENGINES[target]].prepare(generator)
    x = wide_inputs(2, generator.n_in)
    first = executor.run(x)
    kept = first.copy()
    executor.run(x * 0)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("target", ENGINES)
def test_supports_says_what_the_target_takes(target: str) -> None:
    assert backends[ENGINES[target]].supports(decoder().manifest)


@pytest.mark.parametrize("target", ENGINES)
def test_a_model_that_is_not_what_its_manifest_says(target: str, tmp_path: Path) -> None:
    generator, other = decoder(), four_inputs()
    path = tmp_path / f"toy{targets[target].suffix}"
    path.mkdir() if not targets[target].suffix else None
    wrong = Generator(other.manifest, lambda: generator.network)
    targets[target].write(path, wrong, reference_vectors(other))
    with pytest.raises(InputFileError):
        backends[ENGINES[target]].open(path)


@pytest.mark.parametrize("target", ENGINES)
def test_nothing_is_printed(target: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    export(decoder(), target, tmp_path / f"toy{targets[target].suffix}")
    captured = capfd.readouterr()
    assert captured.out == "" and captured.err == ""
