"""SavedModel folders as models: ours come back whole, others as bare networks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices
from caloexport.converters.savedmodel.read import read_saved_model
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.savedmodel.foreign_models import Foreign
from tests.every_layer import activation_cases, inputs_of, layer_cases
from tests.networks import four_inputs

TARGET = targets["savedmodel"]
CASES = [
    case
    for case in (*layer_cases(), *activation_cases())
    if not TARGET.refusals(TARGET.prepare(case[1]))
]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(four_inputs(), "savedmodel", tmp_path_factory.mktemp("ours") / "toy").path


@pytest.mark.parametrize(("name", "network"), CASES, ids=[name for name, _ in CASES])
def test_every_layer_that_we_write_comes_back(name: str, network: Network, tmp_path: Path) -> None:
    generator = Generator.from_network(network, name=name)
    path = export(generator, "savedmodel", tmp_path / "model", verify=False).path
    found = open_model(path)
    x = generator.split(inputs_of(network, 6))
    expected = evaluate(network, x).reshape(6, -1)
    assert compare(evaluate(found.network, x).reshape(6, -1), expected, "float32").equal


def test_our_generator_comes_back_whole(ours: Path) -> None:
    generator = four_inputs()
    found = open_model(ours)
    assert found.sampling == generator.sampling
    assert found.vectors is not None
    assert [node.kind for node in found.network.nodes] == [
        "concatenate", "dense", "activation", "dense", "activation",
    ]  # fmt: skip


def test_our_graph_is_read_like_any_other(ours: Path) -> None:
    generator = four_inputs()
    x = generator.split(np.random.default_rng(0).normal(size=(4, generator.n_in)))
    network = read_saved_model(ours).network
    assert list(network.inputs) == ["z", "energy", "angle", "geometry"]
    expected = evaluate(generator.network, x)
    assert compare(evaluate(network, x), expected, "float32").equal


def test_weights_that_changed_are_not_a_model(ours: Path, tmp_path: Path) -> None:
    other = four_inputs().network
    doubled = [
        n.with_weights(kernel=2 * n.weights["kernel"]) if n.kind == "dense" else n
        for n in other.nodes
    ]
    network = Network(other.inputs, doubled, other.outputs)
    changed = export(Generator.from_network(network), "savedmodel", tmp_path / "changed").path
    folder = Path(shutil.copytree(ours, tmp_path / "copy"))
    shutil.rmtree(folder / "variables")
    shutil.copytree(changed / "variables", folder / "variables")
    with pytest.raises(InputFileError, match=r"holds no variable|changed after the export"):
        open_model(folder)


def test_bits_of_our_weights_that_flipped_are_found(ours: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ours, tmp_path / "copy"))
    file = folder / "variables" / "variables.data-00000-of-00001"
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputFileError, match="check sum"):
        open_model(folder)


def test_a_foreign_model_is_a_bare_network(foreign: dict[str, Foreign]) -> None:
    generator = open_model(foreign["decoder"].folder)
    assert generator.sampling is None
    assert generator.manifest.name == "decoder"
    assert generator.manifest.interface is not None
    assert generator.manifest.interface.output.name == "output_0"
    assert generator.manifest.provenance["source"] == "decoder"
    assert generator.manifest.provenance["tensorflow_version"].startswith("2.")


def test_a_signature_can_be_chosen(foreign: dict[str, Foreign]) -> None:
    folder = foreign["module"].folder
    half = open_model(folder, Choices(signature="half"))
    assert half.network.parameters == 10  # a scale and an offset for each of five values


@pytest.mark.parametrize("target", ["numba", "onnx", "savedmodel"])
@pytest.mark.parametrize("name", ["decoder", "subclassed", "held by a module"])
def test_a_foreign_model_converts(
    name: str, target: str, foreign: dict[str, Foreign], tmp_path: Path
) -> None:
    generator = open_model(foreign[name].folder)
    path = tmp_path / f"model{targets[target].suffix}"
    exported = export(generator, target, path)
    assert exported.verification is not None
    assert exported.verification.equal
    assert verify(path).equal
