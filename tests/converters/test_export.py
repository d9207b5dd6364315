from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import (
    default_path,
    export,
    output_path,
    reference_vectors,
)
from caloexport.converters.targets import targets
from caloexport.converters.verify import target_of, verify
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import AnswerIsNo, UnknownName, UsageError
from tests.networks import decoder


@pytest.mark.parametrize("name", targets.names())
def test_every_target_writes_a_file_that_its_engine_proves(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"toy{targets[name].suffix}"
    exported = export(decoder(), name, path)
    assert exported.verification is not None and exported.verification.equal
    assert target_of(path)[0] == name
    again = verify(path)
    assert again.equal and again.vectors == 16
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("name", targets.names())
def test_exports_are_reproducible(name: str, tmp_path: Path) -> None:
    first = export(decoder(), name, tmp_path / f"a{targets[name].suffix}")
    second = export(decoder(), name, tmp_path / f"b{targets[name].suffix}")
    assert first.generator.manifest.hash == second.generator.manifest.hash


def test_a_file_that_differs_is_removed_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "toy.safetensors"
    export(decoder(), "numba", path)
    before = path.read_bytes()
    broken = targets["numba"]
    write = type(broken).write

    def write_wrong(self, where, generator, vectors):  # type: ignore[no-untyped-def]
        vectors.expected[3, 7] += 0.01
        write(self, where, generator, vectors)

    monkeypatch.setattr(type(broken), "write", write_wrong)
    with pytest.raises(AnswerIsNo, match=r"DIFFERS .* cell \(r=0, phi=1, z=2\), vector 3"):
        export(decoder(), "numba", path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_vectors_cover_the_range_and_do_not_change() -> None:
    first, second = reference_vectors(decoder()), reference_vectors(decoder())
    np.testing.assert_array_equal(first.inputs, second.inputs)
    energy = first.inputs[:, 10] * 1_024_000
    np.testing.assert_allclose([energy.min(), energy.max()], [1_000, 64_000], rtol=1e-6)
    assert (first.inputs[:, 12:].sum(axis=0) > 0).all()  # every geometry


def test_default_paths() -> None:
    assert default_path(Path("a/model.keras"), "lwtnn") == Path("a/model.json")
    assert default_path(Path("a/model.keras"), "savedmodel") == Path("a/model-savedmodel")


def test_an_export_never_replaces_its_model(tmp_path: Path) -> None:
    model, run = tmp_path / "model.keras", tmp_path / "run"
    run.mkdir()
    for file in (model, run / "decoder.keras", run / "manifest.json"):
        file.write_text("weeks of training")
    for source, path in (
        (model, model),
        (run, run / "decoder.keras"),
        (run, run / "manifest.json"),
    ):
        with pytest.raises(UsageError, match="would be replaced by what is made from it"):
            output_path(source, "onnx", path)
    assert output_path(run, "onnx", run / "decoder.onnx") == run / "decoder.onnx"
    assert output_path(model, "onnx", None) == tmp_path / "model.onnx"


def test_unknown_target() -> None:
    with pytest.raises(UnknownName, match="did you mean 'onnx'"):
        export(decoder(), "onxx", Path("a.onnx"))


def test_engines_of_all_targets_exist() -> None:
    for name in targets:
        assert targets[name].engine in backends


@pytest.mark.parametrize("name", ["-", "two\nlines.json", "bell\a.json"])
def test_names_that_no_program_looks_up(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be the name of an artifact"):
        output_path(tmp_path / "model.keras", "lwtnn", Path(name))
