"""The signature of named conditions, called as C and C++ call it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.converters.assembly import Assembly
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.physics.outputs import output_spellings
from caloexport.converters.readers import Choices
from caloexport.converters.savedmodel.checkpoint import Checkpoint
from caloexport.converters.savedmodel.graph import PHYSICS
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.converters.savedmodel.session import open_session
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.errors import AnswerIsNo, InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.safetensors_file import read_safetensors
from tests.converters.physics.generators import GENERATORS, whole_range
from tests.networks import decoder, four_inputs


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(four_inputs(), "savedmodel", tmp_path_factory.mktemp("model") / "toy").path


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "toy"))


def edit(folder: Path, change: Any) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    change(model.meta_graphs[0])
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())


def fed(model: Generator, n: int) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return what the signature is fed, and the same as conditions of the runtime."""
    assert model.sampling is not None
    conditions = whole_range(model, n)
    inputs = {"latents": model.sampling.noise.draw(n, seed=8)} if model.sampling.noise.size else {}
    for condition in model.sampling.conditions:
        values = conditions[condition.name]
        if condition.categories:
            values = np.array([condition.categories.index(str(value)) for value in values])
        inputs[condition.name] = values.astype(np.float32)[:, None]
    return inputs, conditions


@pytest.mark.parametrize("name", GENERATORS)
def test_a_session_gives_the_showers_of_the_runtime(name: str, tmp_path: Path) -> None:
    model = GENERATORS[name]
    exported = export(model, "savedmodel", tmp_path / "toy")
    inputs, conditions = fed(model, 20)
    (found,) = open_session(exported.path, exported.generator.manifest, 1, PHYSICS)(
        *inputs.values()
    )
    latents = inputs.get("latents", np.zeros((20, 0), np.float32))
    expected = model.using("numpy").decode(latents, conditions)
    assert found.shape == expected.shape
    assert found.dtype == np.float32
    scale = expected.reshape(20, -1).max(axis=1).reshape(20, *[1] * (expected.ndim - 1))
    assert (np.abs(found - expected) / scale).max() < 1e-5
    assert exported.notes == (f"signature 'physics': {', '.join(inputs)} to MeV",)


def test_the_names_are_published(good: Path) -> None:
    _, metadata = read_safetensors(good / "assets.extra" / "caloexport.safetensors")
    names = json.loads(metadata["tensors"])["physics"]
    given = ("latents", "energy_mev", "theta_rad", "geometry")
    inputs = {name: f"physics_{name}:0" for name in given}
    assert names == {"inputs": inputs, "output": "StatefulPartitionedCall_1:0"}
    tf = import_tensorflow()
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session, session.graph.as_default(), without_advice(tf):
        meta = tf.compat.v1.saved_model.load(session, ["serve"], str(good))
        feed = {inputs["latents"]: np.zeros((1, 10)), inputs["energy_mev"]: [[5e4]]}
        feed |= {inputs["theta_rad"]: [[1.5]], inputs["geometry"]: [[2]]}
        shower = session.run(names["output"], feed)
    expected = four_inputs().decode(
        np.zeros((1, 10)), {"energy_mev": 5e4, "theta_rad": 1.5, "geometry": "siw"}
    )
    np.testing.assert_allclose(shower, expected, rtol=1e-5)
    assert set(meta.signature_def) == {"serving_default", "physics"}
    signature = meta.signature_def["physics"]
    assert {k: t.name for k, t in signature.inputs.items()} == inputs
    assert {k: t.name for k, t in signature.outputs.items()} == {"showers": names["output"]}
    tensors = [*signature.inputs.values(), *signature.outputs.values()]
    assert {t.dtype for t in tensors} == {tf.float32.as_datatype_enum}
    assert {t.tensor_shape.dim[0].size for t in tensors} == {-1}


def test_python_calls_it_by_name(good: Path) -> None:
    tf, model = import_tensorflow(), four_inputs()
    inputs, conditions = fed(model, 4)
    call = tf.saved_model.load(str(good)).signatures["physics"]
    found = call(**{name: tf.constant(value) for name, value in inputs.items()})["showers"]
    expected = model.using("numpy").decode(inputs["latents"], conditions)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=1e-5 * expected.max())


def test_no_weight_is_stored_twice(good: Path) -> None:
    names = set(Checkpoint(good).keys())
    network = targets["savedmodel"].prepare(four_inputs().network)
    assert len(names) == sum(len(node.weights) for node in network.nodes)
    data = good / "variables" / "variables.data-00000-of-00001"
    assert data.stat().st_size == 4 * network.parameters
    assert (good / "saved_model.pb").stat().st_size < 40_000


def test_a_category_that_does_not_exist_is_an_error(good: Path) -> None:
    tf, model = import_tensorflow(), four_inputs()
    inputs, _ = fed(model, 2)
    inputs["geometry"][1] = 3
    call = open_session(good, targets["savedmodel"].proof(good).manifest, 1, PHYSICS)
    with pytest.raises(tf.errors.InvalidArgumentError):
        call(*inputs.values())


def test_our_reader_gives_the_generator_as_before(good: Path) -> None:
    generator = open_model(good)
    assert generator.manifest.hash == targets["savedmodel"].proof(good).manifest.hash
    again = export(generator, "savedmodel", good.with_name("again")).path
    for name in ("saved_model.pb", "variables/variables.data-00000-of-00001"):
        assert (again / name).read_bytes() == (good / name).read_bytes()


@pytest.mark.parametrize("name", ["four inputs", "logarithms", "layers in front"])
def test_the_reader_of_foreign_models_takes_it_by_name(name: str, tmp_path: Path) -> None:
    model = GENERATORS[name]
    path = export(model, "savedmodel", tmp_path / "toy").path
    network = open_model(path, Choices(signature="physics"))
    inputs, conditions = fed(model, 6)
    assert set(network.network.inputs) == set(inputs)
    x = np.concatenate([inputs[key] for key in network.network.inputs], axis=1)
    found = network.using("numpy").executor.run(x)
    expected = model.using("numpy").decode(inputs["latents"], conditions).reshape(6, -1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * expected.max())


def test_a_bare_network_has_the_plain_signature_alone(tmp_path: Path) -> None:
    bare = Generator.from_network(decoder().network)
    exported = export(bare, "savedmodel", tmp_path / "toy")
    assert exported.notes == ("no signature 'physics': its inputs and outputs are not described",)
    with pytest.raises(InputFileError, match="has no 'physics', expected serving_default"):
        open_session(exported.path, exported.generator.manifest, 1, PHYSICS)
    assert verify(exported.path).equal


def test_what_cannot_be_spelled_leaves_the_signature_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(output_spellings._entries, "absolute")
    exported = export(GENERATORS["absolute"], "savedmodel", tmp_path / "toy")
    (note,) = exported.notes
    assert note == "no signature 'physics': the output map 'absolute' is not known in layers"
    assert verify(exported.path).equal


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    source = tmp_path / "toy.safetensors"
    export(decoder(), "numba", source)
    arguments = ["convert", str(source), "--to", "savedmodel", "-o", str(tmp_path / "toy")]
    line = "signature 'physics': latents, energy_mev, theta_rad, geometry to MeV"
    plain = CliRunner().invoke(cli, arguments)
    assert plain.exit_code == 0
    assert line in plain.stderr
    told = CliRunner().invoke(cli, [*arguments, "--json"])
    assert json.loads(told.stdout)["notes"] == [line]


def test_a_signature_that_differs_is_never_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def squared(parts: Assembly, output: str, energy: str, sampling: Sampling) -> str:
        return parts.add("energies", "multiply", [output, output, energy])

    monkeypatch.setitem(output_spellings._entries, "fraction_of_incident", squared)
    with pytest.raises(AnswerIsNo, match="signature 'physics' DIFFERS") as caught:
        export(decoder(), "savedmodel", tmp_path / "toy")
    assert str(tmp_path / "toy") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def swapped(meta: Any) -> None:
    """Feed the angle where the energy is meant."""
    inputs = meta.signature_def["physics"].inputs
    energy, angle = inputs["energy_mev"].name, inputs["theta_rad"].name
    inputs["energy_mev"].name, inputs["theta_rad"].name = angle, energy


def another(meta: Any) -> None:
    meta.signature_def["mine"].CopyFrom(meta.signature_def["physics"])


def wider(meta: Any) -> None:
    meta.signature_def["physics"].inputs["latents"].tensor_shape.dim[1].size = 11


def gone(meta: Any) -> None:
    del meta.signature_def["physics"]


def renamed(meta: Any) -> None:
    outputs = meta.signature_def["physics"].outputs
    outputs["energies"].CopyFrom(outputs["showers"])
    del outputs["showers"]


def test_verify_proves_both_signatures(copy: Path) -> None:
    assert verify(copy).equal
    edit(copy, swapped)
    with pytest.raises(AnswerIsNo, match=r"signature 'physics' DIFFERS .* MeV, worst at cell"):
        verify(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (another, "has a signature 'mine' of its own, expected serving_default and physics"),
        (wider, "its signature 'physics' has .*'latents': .11,"),
        (gone, "has no 'physics'"),
        (renamed, "its signature 'physics' has .*'energies'"),
    ],
)
def test_other_signatures_are_refused(change: Any, message: str, copy: Path) -> None:
    edit(copy, change)
    with pytest.raises(InputFileError, match=message):
        verify(copy)
