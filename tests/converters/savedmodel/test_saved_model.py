from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError, OutputFileError
from caloexport.runtime.reference import evaluate
from caloexport.runtime.safetensors_file import read_safetensors
from caloexport.runtime.tolerance import compare
from tests.every_layer import wide_inputs
from tests.networks import decoder, four_inputs

TARGET = targets["savedmodel"]
ENGINE = backends["tensorflow"]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(four_inputs(), "savedmodel", tmp_path_factory.mktemp("model") / "toy").path


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "toy"))


def published(folder: Path) -> dict[str, object]:
    _, metadata = read_safetensors(folder / "assets.extra" / "caloexport.safetensors")
    return dict(json.loads(metadata["tensors"]))


def test_a_session_finds_the_published_tensors(good: Path) -> None:
    names = published(good)
    inputs = {n: f"serving_default_{n}:0" for n in ("z", "energy", "angle", "geometry")}
    assert {key: names[key] for key in ("inputs", "output")} == {
        "inputs": inputs,
        "output": "StatefulPartitionedCall:0",
    }
    tf, generator = import_tensorflow(), four_inputs()
    x = wide_inputs(3, generator.n_in)
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session, session.graph.as_default(), without_advice(tf):
        meta = tf.compat.v1.saved_model.load(session, ["serve"], str(good))
        feed = {inputs[name]: part for name, part in generator.split(x).items()}
        found = session.run(names["output"], feed)
    signature = meta.signature_def["serving_default"]
    assert {k: t.name for k, t in signature.inputs.items()} == inputs
    assert {k: t.name for k, t in signature.outputs.items()} == {"output": names["output"]}
    tensors = [*signature.inputs.values(), *signature.outputs.values()]
    assert {t.dtype for t in tensors} == {tf.float32.as_datatype_enum}
    assert {t.tensor_shape.dim[0].size for t in tensors} == {-1}
    expected = evaluate(generator.network, generator.split(x))
    assert compare(found, expected, "float32").equal


def test_two_models_of_one_process_do_not_share_variables(good: Path, tmp_path: Path) -> None:
    tf = import_tensorflow()
    generator = four_inputs()
    doubled = [
        node.with_weights(kernel=2 * node.weights["kernel"]) if node.kind == "dense" else node
        for node in generator.network.nodes
    ]
    network = type(generator.network)(generator.network.inputs, doubled, ["fractions"])
    other = type(generator).from_network(network, generator.sampling, name="doubled")
    second = export(other, "savedmodel", tmp_path / "second").path
    loaded = [tf.saved_model.load(str(path)) for path in (good, second)]
    x = generator.split(wide_inputs(2, generator.n_in))
    for model, source in zip(loaded, (generator, other), strict=True):
        call = model.signatures["serving_default"]
        found = call(**{k: tf.constant(np.ascontiguousarray(v)) for k, v in x.items()})["output"]
        assert compare(found.numpy(), evaluate(source.network, x), "float32").equal


def test_same_model_same_bytes(good: Path, tmp_path: Path) -> None:
    again = export(four_inputs(), "savedmodel", tmp_path / "again").path
    files = sorted(p.relative_to(good) for p in good.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [str(f) for f in files] == [
        "assets.extra/caloexport.safetensors",
        "saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]
    for file in files:
        assert (good / file).read_bytes() == (again / file).read_bytes(), file


def test_a_single_input_stays_single(tmp_path: Path) -> None:
    path = export(decoder(), "savedmodel", tmp_path / "toy").path
    assert published(path)["inputs"] == {"x": "serving_default_x:0"}


def test_the_proof_comes_back(good: Path) -> None:
    assert TARGET.recognises(good)
    assert TARGET.proof(good).manifest.name == "four inputs"
    assert TARGET.proof(good).vectors.expected.shape == (16, 60)


def test_other_paths_are_not_recognised(tmp_path: Path) -> None:
    file = tmp_path / "saved_model.pb"
    assert not TARGET.recognises(tmp_path)
    file.write_bytes(b"\x08\x01")
    assert not TARGET.recognises(file)
    assert TARGET.recognises(tmp_path)
    with pytest.raises(InputFileError, match="caloexport did not write"):
        TARGET.proof(tmp_path)
    with pytest.raises(InputFileError, match="is not a SavedModel"):
        TARGET.proof(file)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
@pytest.mark.parametrize(
    "file",
    [
        "saved_model.pb",
        "assets.extra/caloexport.safetensors",
        "variables/variables.index",
        "variables/variables.data-00000-of-00001",
    ],
)
def test_truncated(copy: Path, file: str, keep: float) -> None:
    content = (copy / file).read_bytes()
    (copy / file).write_bytes(content[: int(keep * len(content) if keep < 1 else keep)])
    with pytest.raises(InputFileError):
        ENGINE.open(copy)


@pytest.mark.parametrize("file", ["saved_model.pb", "variables/variables.index"])
def test_missing_files(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(InputFileError):
        ENGINE.open(copy)


def test_a_graph_with_side_effects_is_not_opened(copy: Path, tmp_path: Path) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    tf = import_tensorflow()
    model = saved_model_pb2.SavedModel.FromString((copy / "saved_model.pb").read_bytes())
    (meta,) = model.meta_graphs
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(meta.graph_def, name="")
        prey = tmp_path / "written by the model"
        tf.raw_ops.WriteFile(filename=str(prey), contents="x", name="evil")
        meta.graph_def.CopyFrom(graph.as_graph_def())
    meta.saver_def.restore_op_name = "evil"  # what a session runs by itself
    (copy / "saved_model.pb").write_bytes(model.SerializeToString())
    with pytest.raises(InputFileError, match=r"more than compute \(WriteFile\)"):
        ENGINE.open(copy)
    assert not prey.exists()


def test_models_that_keras_or_functions_wrote_are_not_opened(copy: Path, tmp_path: Path) -> None:
    tf = import_tensorflow()
    module = tf.Module()
    module.call = tf.function(lambda x: x, input_signature=[tf.TensorSpec([None, 3], name="x")])
    tf.saved_model.save(module, str(tmp_path / "foreign"), signatures=module.call)
    shutil.copy(tmp_path / "foreign" / "saved_model.pb", copy / "saved_model.pb")
    with pytest.raises(InputFileError, match="more than compute"):
        ENGINE.open(copy)


def test_a_checkpoint_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tf = import_tensorflow()

    def full(**_: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "a.data; No space left on device")

    monkeypatch.setattr(tf.raw_ops, "SaveV2", full)
    with pytest.raises(OutputFileError, match="toy: cannot be written: No space left on device"):
        export(decoder(), "savedmodel", tmp_path / "toy")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_our_error(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError):
        export(decoder(), "savedmodel", tmp_path / "missing" / "toy")
