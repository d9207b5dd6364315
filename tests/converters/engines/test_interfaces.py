"""Files whose inputs and outputs have a consumer's names, a fixed batch, or other numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.backends import backends
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from tests.networks import four_inputs

TARGETS = ["onnx", "savedmodel"]


def seen(generator: Generator, **options: Any) -> Generator:
    """Return a generator with other names, some of which its layers have already."""
    names = ("hidden", "E", "theta", "geo")[: len(generator.network.inputs)]
    ports = tuple(Port(name, "variable_{}") for name in names)
    interface = Interface(ports, Port("joint", "out_{}"), **options)
    return Generator(replace(generator.manifest, interface=interface), lambda: generator.network)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("batch", [None, 1, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_names_batch_and_numbers(
    target: str, batch: int | None, dtype: str, tmp_path: Path
) -> None:
    generator = seen(four_inputs(), batch=batch, dtype=dtype)
    path = export(generator, target, tmp_path / "model").path
    assert verify(path).equal
    engine = backends[targets[target].engine]
    x = NoiseLaw(15).draw(5, seed=2)
    expected = generator.executor.run(x)
    for executor in (engine.open(path), engine.prepare(generator)):
        found = executor.run(x)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        assert executor.run(x[:0]).shape == (0, 60)


def test_the_onnx_file_shows_what_was_asked_for(tmp_path: Path) -> None:
    import onnxruntime

    path = export(seen(four_inputs(), batch=2, dtype="float64"), "onnx", tmp_path / "a.onnx").path
    session = onnxruntime.InferenceSession(str(path))
    ports = [(port.name, port.type, port.shape) for port in session.get_inputs()]
    assert ports[0] == ("hidden", "tensor(double)", [2, 10])
    (output,) = session.get_outputs()
    assert (output.name, output.type, output.shape) == ("joint", "tensor(double)", [2, 60])


@pytest.mark.parametrize("target", TARGETS)
def test_an_input_that_is_the_output(target: str, tmp_path: Path) -> None:
    double = Node("double", "add", ("x", "x"))
    network = Network({"x": (3,)}, [double], ["double"])
    generator = seen(Generator.from_network(network), dtype="float64")
    assert verify(export(generator, target, tmp_path / "model").path).equal


def test_many_showers_through_bound_buffers(tmp_path: Path) -> None:
    generator = seen(four_inputs(), dtype="float64")
    executor = backends["onnxruntime"].open(export(generator, "onnx", tmp_path / "a.onnx").path)
    x = NoiseLaw(15).draw(4, seed=2)
    np.testing.assert_array_equal(executor.bound(4)(x), executor.run(x))  # type: ignore[attr-defined]
