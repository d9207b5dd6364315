"""The target ``cpp``: what it writes, where, and what it refuses."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.targets import Options, targets
from caloexport.runtime.artifact import load
from caloexport.runtime.errors import (
    InputFileError,
    OutputFileError,
    UnsupportedError,
    UsageError,
)
from caloexport.runtime.generator import Generator
from tests.cpp.decoders import generator
from tests.every_layer import layer_cases

NAME = "cylinder"


def write(path: Path, **options: object) -> Path:
    """Export without executing."""
    made = export(generator(NAME), "cpp", path, verify=False, options=Options(**options))  # type: ignore[arg-type]
    return made.path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_weights_are_the_file_that_python_samples(tmp_path: Path) -> None:
    write(tmp_path / "a.h")
    assert names(tmp_path) == ["a.h", "a.safetensors"]
    other = export(generator(NAME), "numba", tmp_path / "b.safetensors", verify=False).path
    assert filecmp.cmp(tmp_path / "a.safetensors", other, shallow=False)


@pytest.mark.parametrize("embed", [False, True])
def test_a_header_is_read_back(embed: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "a.h", embed=embed)
    assert targets["cpp"].recognises(path)
    assert names(tmp_path) == ["a.h"] + ["a.safetensors"] * (not embed)
    read = open_model(path)
    assert read.manifest.hash == generator(NAME).manifest.hash
    assert targets["cpp"].proof(path).manifest.hash == read.manifest.hash
    weights = generator(NAME).network["first"].weights["kernel"]
    np.testing.assert_array_equal(read.network["first"].weights["kernel"], weights)


def test_weights_go_where_the_user_says(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.mkdir()
    path = write(tmp_path / "a.h", weights=place / "w.bin")
    assert names(tmp_path) == ["a.h", "data"]
    assert names(place) == ["w.bin"]
    assert load(place / "w.bin", backend="numpy").manifest.name == NAME
    assert open_model(path).manifest.name == NAME


def test_weights_belong_to_their_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h")
    assert targets["cpp"].files(path) == (path, tmp_path / "a.safetensors")
    assert targets["cpp"].files(write(tmp_path / "b.h", embed=True)) == (tmp_path / "b.h",)


def test_embedding_and_a_file_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="leave one of them out"):
        write(tmp_path / "a.h", embed=True, weights=tmp_path / "w")


def test_header_and_weights_are_two_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at once"):
        write(tmp_path / "a.h", weights=tmp_path / "." / "a.h")
    assert names(tmp_path) == []


@pytest.mark.parametrize("target", ["onnx", "numba", "lwtnn"])
def test_other_targets_have_no_such_options(target: str, tmp_path: Path) -> None:
    for options in (Options(embed=True), Options(weights=tmp_path / "w")):
        with pytest.raises(UsageError, match="means nothing"):
            export(generator(NAME), target, tmp_path / "a", verify=False, options=options)
    assert names(tmp_path) == []


def test_an_artifact_becomes_the_weights_of_its_header(tmp_path: Path) -> None:
    model = export(generator(NAME), "numba", tmp_path / "a.safetensors", verify=False).path
    before = model.read_bytes()
    export(open_model(model), "cpp", tmp_path / "a.h", verify=False, options=Options(model=model))
    assert model.read_bytes() == before
    assert open_model(tmp_path / "a.h").manifest.name == NAME


def test_an_artifact_that_would_be_lost_is_kept(tmp_path: Path) -> None:
    model = export(generator(NAME), "numba", tmp_path / "a.safetensors", verify=False).path
    before = model.read_bytes()
    changed = open_model(model).above(1.0)  # another manifest
    with pytest.raises(UsageError, match="holds another generator"):
        export(changed, "cpp", tmp_path / "a.h", verify=False, options=Options(model=model))
    assert model.read_bytes() == before
    assert names(tmp_path) == ["a.safetensors"]


def test_another_generator_is_not_replaced(tmp_path: Path) -> None:
    other = export(generator("layered"), "numba", tmp_path / "a.safetensors", verify=False).path
    before = other.read_bytes()
    with pytest.raises(UsageError, match="holds another generator"):
        write(tmp_path / "a.h")
    assert other.read_bytes() == before
    assert names(tmp_path) == ["a.safetensors"]


def test_a_header_takes_its_old_weights_along(tmp_path: Path) -> None:
    write(tmp_path / "a.h")
    model = generator("layered")
    export(model, "cpp", tmp_path / "a.h", verify=False)
    assert open_model(tmp_path / "a.h").manifest.name == model.manifest.name


def test_a_file_of_others_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"mine")
    with pytest.raises(UsageError, match="holds something else"):
        write(tmp_path / "a.h")
    assert (tmp_path / "a.safetensors").read_bytes() == b"mine"


def test_nothing_is_left_of_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.h")
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}

    def refuse(*_: object) -> None:
        raise UnsupportedError("no")

    other = generator("layered")
    with pytest.raises(UnsupportedError):
        export(other, "cpp", path, verify=False, accept=refuse)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_a_place_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="nowhere"):
        write(tmp_path / "a.h", weights=tmp_path / "nowhere" / "w.bin")
    assert names(tmp_path) == []


def test_weights_that_are_missing_or_of_others_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h")
    weights = tmp_path / "a.safetensors"
    weights.unlink()
    with pytest.raises(InputFileError, match="missing"):
        open_model(path)
    export(generator("layered"), "numba", weights, verify=False)
    for ask in (open_model, targets["cpp"].proof):
        with pytest.raises(InputFileError, match="another export"):
            ask(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"weights": null', b'"weights": 3'),
        (b'{"manifest', b'["manifest'),
        (b"0x", b"1x"),
        (b'"n_bytes": ', b'"n_bytes": 9'),
    ],
)
def test_a_header_that_was_changed_is_told(old: bytes, new: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "a.h", embed=True)
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(InputFileError, match=r"changed|damaged"):
        open_model(path)


def test_a_layer_without_a_kernel_is_refused_by_name() -> None:
    refused = []
    for name, network in layer_cases():
        refusals = targets["cpp"].refusals(targets["cpp"].prepare(network))
        if refusals:
            assert refusals[0].layer in network.shapes
            refused.append(name.partition("-")[0])
    assert {"gru", "lstm", "embedding"} <= set(refused)
    assert "dense" not in refused


def test_sums_that_do_not_fit_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caloexport.runtime.kernels.plan.MOST_INPUTS", 100)
    with pytest.raises(
        UnsupportedError, match=r"layer 'cells': C\+\+ has no int8 products of more"
    ):
        targets["cpp"].rounded(generator("large"), "int8")


def test_products_of_rounded_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="bfloat16-a16: its products need AVX-512 BF16"):
        export(generator(NAME), "cpp", tmp_path / "a.h", precision="bfloat16-a16")


def test_a_bare_network_has_no_conditions(tmp_path: Path) -> None:
    one = generator(NAME)
    bare = Generator.from_network(one.network, name="bare */ network\\")
    text = export(bare, "cpp", tmp_path / "a.h", verify=False).path.read_text()
    assert "namespace caloexport::bare_network" in text
    assert "struct Conditions" not in text
    first = text.partition("\n")[0]
    assert "bare * / network/" in first  # what could end a comment, or continue it


def test_a_hostile_name_stays_a_comment(tmp_path: Path) -> None:
    one = generator(NAME)
    name = 'x int evil; // )json" \\'
    hostile = Generator.from_network(one.network, one.sampling, name=name)
    text = export(hostile, "cpp", tmp_path / "a.h", verify=False).path.read_text()
    assert 'R"json_(' in text
    assert open_model(tmp_path / "a.h").manifest.name == name
