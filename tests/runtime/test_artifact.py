from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.artifact import load, save
from caloexport.runtime.errors import AnswerIsNo, InputFileError, UnknownName, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling, hash_of
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.vectors import make_inputs, make_vectors
from tests.networks import decoder, four_inputs

CONDITIONS = {"energy_mev": 50_000.0, "theta_rad": 1.5, "geometry": "siw"}


def write(path: Path, generator: Generator) -> Path:
    inputs = make_inputs(generator.sampling, generator.n_in)
    outputs = evaluate(generator.network, generator.split(inputs), np.float32)
    vectors = make_vectors(inputs, outputs.reshape(len(inputs), -1), generator.sampling)
    with atomic_output(path) as temporary:
        save(temporary, generator, vectors)
    return path


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("artifact") / "toy.safetensors", decoder())


def change(
    source: Path, target: Path, edit: Callable[[dict[str, Any], dict[str, Any]], Any]
) -> Path:
    """Write the artifact again after ``edit(arrays, manifest)``, all else well-formed."""
    arrays, metadata = read_safetensors(source)
    changed = {name: np.array(array) for name, array in arrays.items()}
    manifest = json.loads(metadata["manifest"])
    edit(changed, manifest)
    metadata["manifest"] = json.dumps(manifest)
    with contextlib.suppress(KeyError, TypeError):  # too damaged to have a hash
        metadata["manifest_sha256"] = hash_of(manifest)
    write_safetensors(target, changed, metadata)
    return target


def test_physics_changed_after_the_export_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.safetensors", decoder())
    arrays, metadata = read_safetensors(path)
    edited = metadata["manifest"].replace('"scale":1024000.0', '"scale":1000000.0')
    assert edited != metadata["manifest"]
    write_safetensors(tmp_path / "b.safetensors", arrays, {**metadata, "manifest": edited})
    with pytest.raises(InputFileError, match="manifest was changed after the export"):
        load(tmp_path / "b.safetensors")


@pytest.mark.parametrize("large", [False, True])
def test_what_is_saved_is_loaded(tmp_path: Path, large: bool) -> None:
    original = decoder(CylinderMesh(10, 10, 50) if large else None)
    found = load(write(tmp_path / "a.safetensors", original), backend="numpy")
    assert found.manifest == original.manifest
    for node in original.network.nodes:
        for key, weight in node.weights.items():
            np.testing.assert_array_equal(found.network[node.name].weights[key], weight)
    in_memory = Generator(original.manifest, lambda: original.network, backend="numpy")
    expected = in_memory.sample(3, seed=4, **CONDITIONS)
    np.testing.assert_allclose(found.sample(3, seed=4, **CONDITIONS), expected, rtol=1e-5)


def test_several_inputs(tmp_path: Path) -> None:
    original = four_inputs()
    found = load(write(tmp_path / "a.safetensors", original), backend="numpy")
    assert found.columns == original.columns
    assert found.sample(**CONDITIONS).shape == (1, 3, 4, 5)


def test_a_bare_network_is_an_artifact_too(tmp_path: Path) -> None:
    bare = Generator.from_network(decoder().network)
    assert load(write(tmp_path / "a.safetensors", bare), backend="numpy").sampling is None


def test_the_data_begin_at_cache_lines(artifact: Path) -> None:
    arrays, _ = read_safetensors(artifact)
    packed = [array for name, array in arrays.items() if not name.startswith("vectors.")]
    start = min(array.ctypes.data for array in arrays.values())
    assert packed
    assert all((array.ctypes.data - start) % 64 == 0 for array in packed)


def test_writing_twice_gives_the_same_bytes(artifact: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "b.safetensors", decoder()).read_bytes() == artifact.read_bytes()


def test_weights_stay_in_the_file(artifact: Path) -> None:
    kernel = load(artifact, backend="numpy").packed["cells", "kernel"]
    assert isinstance(kernel, np.memmap)
    assert not kernel.flags.writeable


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("fate", ["replaced", "deleted"])
def test_a_loaded_generator_keeps_its_weights(tmp_path: Path, backend: str, fate: str) -> None:
    path = write(tmp_path / "a.safetensors", decoder())
    generator = load(path, backend=backend)
    expected = generator.sample(3, seed=1, **CONDITIONS)
    if fate == "replaced":
        tripled = decoder().network.nodes[0]
        weights = {"kernel": 3 * tripled.weights["kernel"]}
        nodes = [tripled.with_weights(**weights), *decoder().network.nodes[1:]]
        other = Network(decoder().network.inputs, nodes, decoder().network.outputs)
        write(path, Generator.from_network(other, decoder().sampling))
        assert not np.array_equal(load(path).sample(3, seed=1, **CONDITIONS), expected)
    else:
        path.unlink()
    np.testing.assert_array_equal(generator.sample(3, seed=1, **CONDITIONS), expected)


def test_a_changed_weight_is_a_no(artifact: Path, tmp_path: Path) -> None:
    def edit(arrays: dict[str, Any], _: Any) -> None:
        arrays["cells.kernel"][0, 3, 5] += 0.1

    path = change(artifact, tmp_path / "a.safetensors", edit)
    with pytest.raises(AnswerIsNo, match="does not reproduce its own test vector") as caught:
        load(path, backend="numpy")
    assert "weights were changed" in str(caught.value.hint)
    load(path, backend="numpy", replay=False)


def test_changed_vectors_are_a_no(artifact: Path, tmp_path: Path) -> None:
    def edit(arrays: dict[str, Any], _: Any) -> None:
        arrays["vectors.expected"][0, 7] *= 1.001

    with pytest.raises(AnswerIsNo, match="at value 7"):
        load(change(artifact, tmp_path / "a.safetensors", edit), backend="numpy")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_weight_that_is_not_finite_is_named(artifact: Path, tmp_path: Path, bad: float) -> None:
    def edit(arrays: dict[str, Any], _: Any) -> None:
        arrays["cells.kernel"][0, 3, 5] = bad

    with pytest.raises(InputFileError, match=r"layer 'cells' has 1 weights .* kernel\[3, 5\]"):
        load(change(artifact, tmp_path / "a.safetensors", edit), backend="numpy")


def remove_kernel(arrays: dict[str, Any], manifest: Any) -> None:
    del arrays["cells.kernel"]


def wrong_type(arrays: dict[str, Any], manifest: Any) -> None:
    arrays["cells.kernel"] = arrays["cells.kernel"].astype("f8")


def wrong_tiles(arrays: dict[str, Any], manifest: Any) -> None:
    arrays["cells.kernel"] = arrays["cells.kernel"][:, 1:]


def short_bias(arrays: dict[str, Any], manifest: Any) -> None:
    arrays["cells.bias"] = arrays["cells.bias"][:50]


def long_bias(arrays: dict[str, Any], manifest: Any) -> None:
    arrays["cells.bias"] = np.zeros(4096, "f4")


def not_aligned(arrays: dict[str, Any], manifest: Any) -> None:
    rest = dict(arrays)
    arrays.clear()
    arrays.update({"odd": np.zeros(1, "u1"), **rest})


def no_vectors(arrays: dict[str, Any], manifest: Any) -> None:
    for name in list(arrays):
        if name.startswith("vectors."):
            del arrays[name]


def other_mesh(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["sampling"]["mesh"]["n_z"] = 6


def other_noise(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["sampling"]["noise"]["size"] = 11


def other_precision(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["precision"] = "int4"


def same_name_twice(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["network"]["nodes"].append(manifest["network"]["nodes"][0])


def unknown_kind(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["network"]["nodes"][1]["kind"] = "attention"


def unknown_activation(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["network"]["nodes"][1]["attributes"]["function"] = "no_such"


def unknown_encoding(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["sampling"]["encoding"][0]["kind"] = "cubic"


def huge_kernel(arrays: dict[str, Any], manifest: Any) -> None:
    manifest["network"]["nodes"][3]["weights"] = {"kernel": [8, 2**34], "bias": [2**34]}


def bomb(arrays: dict[str, Any], manifest: Any) -> None:
    nodes = manifest["network"]["nodes"]
    nodes += [
        {
            "name": f"b{i}",
            "kind": "concatenate",
            "inputs": [f"b{i - 1}" if i else "fractions"] * 4,
            "attributes": {},
            "weights": {},
        }
        for i in range(40)
    ]
    manifest["network"]["outputs"] = ["b39"]


DAMAGES: list[tuple[Callable[[dict[str, Any], Any], None], str]] = [
    (remove_kernel, r"weight 'cells.kernel' is missing, the manifest says \(8, 60\)"),
    (wrong_type, "weight 'cells.kernel' is float64 of shape"),
    (wrong_tiles, r"of shape \(1, 7, 64\), the manifest says \(8, 60\)"),
    (short_bias, "weight 'cells.bias' is float32 of shape .50,"),
    (long_bias, "weight 'cells.bias' is float32 of shape .4096,"),
    (not_aligned, r"weight 'hidden\.bias' is float32 of shape \(64,\) at an odd address"),
    (no_vectors, "its test vectors are missing"),
    (
        other_mesh,
        "has 60 outputs, but 'fraction_of_incident' on a mesh of 3 x 4 x 6 cells reads 72",
    ),
    (other_noise, "the network has 15 inputs, but 11 latents and 5 encoded conditions make 16"),
    (other_precision, "precision 'int4', known are bfloat16, bfloat16-a16, float32, int8, int8-a8"),
    (same_name_twice, "two layers are named 'hidden'"),
    (unknown_kind, "layer 'leaky' is of the unknown kind 'attention'"),
    (unknown_activation, "layer 'leaky' has the unknown activation 'no_such'"),
    (unknown_encoding, "unknown encoding 'cubic'"),
    (huge_kernel, "up to layer 'cells', one shower takes"),
    (bomb, r"up to layer 'b\d+', one shower takes"),
]


@pytest.mark.parametrize(("edit", "message"), DAMAGES, ids=[e.__name__ for e, _ in DAMAGES])
def test_damaged_artifacts_are_bad_files(
    artifact: Path, tmp_path: Path, edit: Callable[[dict[str, Any], Any], None], message: str
) -> None:
    path = change(artifact, tmp_path / "a.safetensors", edit)
    with pytest.raises(InputFileError, match=message) as caught:
        load(path, backend="numpy")
    assert caught.value.where == str(path)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "metadata", [{}, {"format": "pt"}, {"format": "caloexport.decoder/1"}, {"manifest": "{}"}]
)
def test_somebody_elses_safetensors_file(tmp_path: Path, metadata: dict[str, str]) -> None:
    path = tmp_path / "a.safetensors"
    write_safetensors(path, {"weight": np.zeros(3, "f4")}, metadata)
    with pytest.raises(InputFileError, match=r"not a caloexport decoder .*caloexport convert"):
        load(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="nowhere: cannot be read: No such file"):
        load(tmp_path / "nowhere")


def test_unknown_backend(artifact: Path) -> None:
    with pytest.raises(UnknownName, match=r"unknown backend 'nunpy' .did you mean 'numpy'"):
        load(artifact, backend="nunpy")


def test_two_outputs_are_none_to_sample(artifact: Path, tmp_path: Path) -> None:
    def edit(arrays: dict[str, Any], manifest: Any) -> None:
        manifest["network"]["outputs"] = ["fractions", "cells"]

    with pytest.raises(InputFileError, match="a generator has one output, this network has 2"):
        load(change(artifact, tmp_path / "a.safetensors", edit), backend="numpy")


def test_names_that_look_like_paths_stay_names(tmp_path: Path) -> None:
    network = decoder().network
    renamed = [
        *network.nodes[:-1],
        type(network.nodes[-1])("../x.y", "activation", ("cells",), {"function": "sigmoid"}),
    ]
    odd = Network(network.inputs, renamed, ["../x.y"])
    physics: Sampling | None = decoder().sampling
    path = write(tmp_path / "a.safetensors", Generator.from_network(odd, physics))
    load(path, backend="numpy")
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_a_readout_threshold_and_skipping_are_asked_for_when_loading(tmp_path: Path) -> None:
    path = write(tmp_path / "large.safetensors", decoder(CylinderMesh(9, 50, 10)))
    every_cell, skips = (load(path, threshold_mev=40_000.0, skipping=s) for s in (False, True))
    assert "skips tiles of cells below the threshold" in repr(skips)
    assert "skips" not in repr(every_cell)
    wanted = every_cell.sample(5, **CONDITIONS)
    np.testing.assert_array_equal(skips.sample(5, **CONDITIONS), wanted)
    assert 0 < np.count_nonzero(wanted) < wanted.size
    with pytest.raises(UsageError, match="it can be raised"):
        load(path, threshold_mev=1e-6)
