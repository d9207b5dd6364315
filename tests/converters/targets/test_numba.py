from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.artifact import load
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator
from caloexport.runtime.precisions import precisions
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.tolerance import compare
from tests.networks import decoder
from tests.networks_large import large_decoder

REDUCED = [name for name in targets["numba"].precisions if name != "float32"]
CONDITIONS = {"energy_mev": 20_000.0, "theta_rad": 1.4, "geometry": "siw"}


@pytest.fixture(scope="module", params=REDUCED)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reduced") / f"{request.param}.safetensors"
    return export(large_decoder(), "numba", path, precision=request.param).path


def test_a_reduced_file_proves_itself_and_samples(written: Path) -> None:
    assert verify(written).equal
    generator = load(written, backend="numpy")
    assert generator.manifest.precision == generator.arithmetic == written.stem
    found = generator.sample(20, seed=1, **CONDITIONS).sum(axis=(1, 2, 3))
    exact = large_decoder().using("numpy").sample(20, seed=1, **CONDITIONS).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(found, exact, rtol=0.05)
    assert not np.array_equal(found, exact)


def test_vectors_tell_products_that_forget_to_round(written: Path) -> None:
    """Those of int8 are too exact to be told apart; where nothing is rounded nothing differs."""
    generator = load(written, backend="numpy")
    vectors = generator.vectors
    assert vectors is not None
    whole = Generator.from_network(generator.network, generator.sampling)
    assert whole.arithmetic == "float32"
    cells, _ = vectors.select(whole.using("numpy").executor.run(np.array(vectors.inputs)))
    tolerance = precisions[generator.arithmetic].tolerance
    found = compare(cells, vectors.expected, tolerance)
    assert found.equal is (written.stem in ("bfloat16", "int8"))
    assert found.max_rel < 1e-5 if written.stem == "bfloat16" else found.max_rel > 1e-5


def test_a_changed_level_is_noticed(written: Path, tmp_path: Path) -> None:
    arrays, metadata = read_safetensors(written)
    changed = {name: np.array(array) for name, array in arrays.items()}
    changed["cells.kernel"][0, :, 9] ^= 0x10
    path = tmp_path / "changed.safetensors"
    write_safetensors(path, changed, metadata)
    with pytest.raises(AnswerIsNo, match="does not reproduce its own test vector") as caught:
        load(path, backend="numpy")
    assert "weights were changed" in str(caught.value.hint)


def test_exporting_twice_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = export(large_decoder(), "numba", tmp_path / written.name, precision=written.stem)
    assert again.path.read_bytes() == written.read_bytes()


def test_a_reduced_file_converts_on(written: Path, tmp_path: Path) -> None:
    exported = export(open_model(written), "numba", tmp_path / "whole.safetensors")
    assert exported.generator.arithmetic == "float32"
    assert exported.verification is not None and exported.verification.equal


def test_it_is_told_which_kernels_are_reduced(tmp_path: Path) -> None:
    exported = export(large_decoder(), "numba", tmp_path / "a.safetensors", precision="int8")
    (note,) = exported.notes
    assert note.startswith("int8 are the kernels of 'hidden', 'cells': 352800 of 354")
    small = export(decoder(), "numba", tmp_path / "b.safetensors", precision="int8")
    assert small.notes == ("no kernel has 16384 weights or more: all stay float32",)
