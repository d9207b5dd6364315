"""An experiment's LWTNN file as a model, and our own with its physics."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.network import pattern_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.open import format_of, open_model
from caloexport.converters.readers import Choices
from caloexport.converters.verify import verify
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.converters.lwtnn.graphs import small_graph, written
from tests.networks import decoder, dense

GOLDEN = Path(__file__).parents[2] / "golden" / "lwtnn"


def reference(generator: Generator, x: Any) -> Any:
    return evaluate(generator.network, generator.split(x)).reshape(len(x), -1)


def test_names_offsets_and_scales_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, small_graph())
    generator = open_model(path)
    assert format_of(path) == "lwtnn"
    assert generator.manifest.interface == Interface(
        (Port("a", ("x",)), Port("b", ("x", "y"))), Port("out", "o_{}")
    )
    assert generator.manifest.provenance == {
        "source": "graph.json",
        "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    assert generator.sampling is None
    x = np.array([[1.0, 2.0, 4.0], [-1.0, 0.5, -3.0]])
    expected = evaluate_graph(read_lwtnn(path), x)
    np.testing.assert_allclose(reference(generator, x), expected, rtol=1e-15)


def test_weights_come_back_as_the_float32_that_they_were(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    node = dense("d", "x", 5, 40)
    node.weights["kernel"][...] = rng.normal(size=(5, 40)) * 10.0 ** rng.integers(-9, 9, (5, 40))
    generator = Generator.from_network(Network({"x": (5,)}, [node], ["d"]))
    path = export(generator, "lwtnn", tmp_path / "a.json").path
    for _ in range(2):  # with nine digits, and with all
        kernel = open_model(path).network["d"].weights["kernel"]
        assert kernel.dtype == np.float32
        np.testing.assert_array_equal(kernel, node.weights["kernel"])
        data = json.loads(path.read_text())
        flat = node.weights["kernel"].T.ravel().astype(np.float64)
        data["layers"][0]["weights"] = flat.tolist()
        path.write_text(json.dumps(data))


def test_numbers_that_are_no_float32_stay_what_they_are(tmp_path: Path) -> None:
    data = small_graph()
    data["layers"][0]["weights"] = [0.1, 1 / 3, 2 / 3, 1.0, 2.0, 3.0]
    network = open_model(written(tmp_path, data)).network
    kernel = network["dense_3"].weights["kernel"]
    assert kernel.T.ravel().tolist() == [0.1, 1 / 3, 2 / 3, 1.0, 2.0, 3.0]


def test_several_outputs_must_be_chosen(tmp_path: Path) -> None:
    data = small_graph()
    data["outputs"]["joined"] = {"labels": ["a", "b", "c"], "node_index": 2}
    path = written(tmp_path, data)
    with pytest.raises(InputFileError, match=r"one of the 2 outputs .*--take NAME.*out, joined"):
        open_model(path)
    generator = open_model(path, Choices(output="joined"))
    assert generator.manifest.interface is not None
    assert generator.manifest.interface.output == Port("joined", ("a", "b", "c"))
    assert reference(generator, np.array([[1.0, 2.0, 4.0]])).tolist() == [[1, 2, 6]]
    with pytest.raises(UsageError, match=r"no output 'other' \(outputs: out, joined\)"):
        open_model(path, Choices(output="other"))


def test_sequences_need_their_length(tmp_path: Path) -> None:
    path = GOLDEN / "sequences_by_hand.json"
    with pytest.raises(InputFileError, match=r"--steps N"):
        open_model(path)
    generator = open_model(path, Choices(steps=4))
    assert generator.network.inputs == {"same": (2,), "same:2": (4, 2)}
    assert generator.manifest.interface is not None
    names = [port.name for port in generator.manifest.interface.inputs]
    assert names == ["same", "same_sequence"]


@pytest.mark.parametrize("name", ["two_inputs", "by_hand", "residual", "sequential", "rnn_stack"])
def test_onnx_and_numba_made_of_it_give_what_the_library_gives(name: str, tmp_path: Path) -> None:
    golden = json.loads((GOLDEN / f"{name}.golden.json").read_text())
    x, expected = np.array(golden["inputs"], np.float32), np.array(golden["outputs"])
    generator = open_model(GOLDEN / f"{name}.json")
    for target in ("onnx", "numba"):
        path = export(generator, target, tmp_path / f"{name}.{target}").path
        found = backends[verify(path).engine].open(path).run(x)
        scale = np.abs(expected).max(axis=1, keepdims=True)
        assert (np.abs(found - expected) <= 1e-7 + 1e-6 * scale).all()


def test_a_numba_artifact_through_onnx_gives_what_the_library_gives(tmp_path: Path) -> None:
    """JSON to ONNX to our own format, of physics size: to 1e-6 of the incident energy."""
    toy = decoder()
    path = export(toy, "lwtnn", tmp_path / "toy.json").path
    onnx = export(open_model(path), "onnx", tmp_path / "toy.onnx").path
    artifact = export(open_model(onnx), "numba", tmp_path / "toy.safetensors").path
    chain = open_model(artifact, backend="numba").sample(8, **CONDITIONS)
    direct = toy.using("numpy").sample(8, **CONDITIONS)
    assert np.abs(chain - direct).max() <= 1e-6 * CONDITIONS["energy_mev"]


def test_own_files_keep_their_physics(tmp_path: Path) -> None:
    toy = decoder()
    path = export(toy, "lwtnn", tmp_path / "toy.json").path
    generator = open_model(path, backend="numpy")
    assert generator.manifest.name == "toy"
    assert generator.sampling == toy.sampling
    showers = [g.using("numpy").sample(2, **CONDITIONS) for g in (generator, toy)]
    np.testing.assert_allclose(showers[0], showers[1], rtol=1e-5)


CONDITIONS: dict[str, Any] = {"energy_mev": 50_000.0, "theta_rad": 1.2, "geometry": "siw"}


def test_own_file_alone_is_a_bare_network(tmp_path: Path) -> None:
    path = export(decoder(), "lwtnn", tmp_path / "toy.json").path
    path.with_name("toy.manifest.safetensors").unlink()
    assert open_model(path).sampling is None


def test_own_file_whose_weights_were_changed_is_refused(tmp_path: Path) -> None:
    path = export(decoder(), "lwtnn", tmp_path / "toy.json").path
    data = json.loads(path.read_text())
    data["layers"][0]["weights"][3] += 0.5
    path.write_text(json.dumps(data))
    with pytest.raises(InputFileError, match=r"toy.json: its weights were changed"):
        open_model(path)


def test_softmax_inside_a_layer_is_named(tmp_path: Path) -> None:
    data = small_graph()
    pair = {"weights": [0.0] * 9, "bias": [0.0] * 3}
    data["layers"][0] = {
        "architecture": "highway",
        "components": {"t": pair, "carry": pair},
        "activation": "softmax",
    }
    data["outputs"]["out"]["labels"] = ["a", "b", "c"]
    with pytest.raises(UnsupportedError, match=r"layers\[0\]: softmax inside a layer"):
        open_model(written(tmp_path, data))


def test_a_variables_file_is_told_from_a_model(tmp_path: Path) -> None:
    data = {key: small_graph()[key] for key in ("inputs", "input_sequences", "outputs")}
    with pytest.raises(InputFileError, match=r"neither nodes nor layers .*--variables FILE"):
        open_model(written(tmp_path, data))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("inputs", 0, "name"), "a\x1b[2J"),
        (("inputs", 0, "variables", 0, "name"), "a\nb"),
        (("outputs", "out", "labels", 0), "\x07"),
        (("nodes", 3, "type"), "feed\x00"),
    ],
)
def test_names_that_a_terminal_would_obey_are_refused(
    place: tuple[Any, ...], value: str, tmp_path: Path
) -> None:
    data: Any = small_graph()
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(InputFileError, match="expected a printable text"):
        open_model(written(tmp_path, data))


def test_labels_that_count_become_a_pattern() -> None:
    assert pattern_of(("0", "1", "2")) == "{}"
    assert pattern_of(("out_1", "out_2")) == ("out_1", "out_2")
    assert pattern_of(("out_00", "out_02")) == ("out_00", "out_02")
    assert pattern_of(("a{}0", "a{}1")) == ("a{}0", "a{}1")
