"""The engine ``cpp``: it compiles what the target writes, and samples what Python samples."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp import compiler
from caloexport.converters.engines import cpp
from caloexport.converters.engines.cpp import CppBackend, CppExecutor, open_library
from caloexport.converters.targets import targets
from caloexport.converters.verify import verify
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import AnswerIsNo, InputFileError, MissingDependency
from caloexport.runtime.generator import Generator
from tests.cpp.decoders import Written, decoders, generator
from tests.programs import require_program

__all__ = ["decoders"]
pytestmark = pytest.mark.system
TARGET = targets["cpp"]
CASES = ("cylinder", "layered", "fractions")


@pytest.fixture(scope="module", autouse=True)
def _compiler() -> None:
    require_program("g++")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("embed", [False, True], ids=["mapped", "embedded"])
def test_a_decoder_samples_what_python_samples(name: str, embed: bool, decoders: Written) -> None:
    path = decoders(name, "float32", embed)
    assert verify(path).equal
    outcome = TARGET.prove_more(path, generator(name))
    assert outcome is not None
    assert outcome.equal, str(outcome)


@pytest.mark.parametrize("precision", [name for name in TARGET.precisions if name != "float32"])
def test_rounded_weights_are_multiplied_as_the_precision_says(
    precision: str, decoders: Written
) -> None:
    path = decoders("large", precision, False)
    assert verify(path).equal  # showers, too
    assert open_library(path).selftest()[0]


def test_showers_that_differ_are_told(decoders: Written) -> None:
    path = decoders("cylinder", "float32", False)
    one = generator("cylinder")
    assert one.sampling is not None
    output = replace(one.sampling.output, kind="absolute", parameters={"unit_mev": 1000.0})
    other = Generator.from_network(one.network, replace(one.sampling, output=output))
    outcome = TARGET.prove_more(path, other)
    assert outcome is not None
    assert not outcome.equal
    assert "DIFFERS" in str(outcome)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("conditions.energy_mev / 1024000.0", "conditions.energy_mev / 512000.0", "shower"),
        ("theta_rad_range{1.0", "theta_rad_range{0.9", "not moved to the end"),
        ("OutOfRange::error && outside", "OutOfRange::clamp && outside", "is not refused"),
        (
            "cells_[count] = {static_cast<std::uint32_t>(cell)",
            "cells_[count] = {1",
            "list of cells",
        ),
        (
            "of_law(float standard) noexcept {",
            "of_law(float standard) noexcept { standard *= 2;",
            "shower",
        ),
    ],
)
def test_a_fault_of_our_templates_would_not_pass(
    old: str,
    new: str,
    told: str,
    decoders: Written,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cpp, "require_unaltered", lambda *arguments: None)
    header = decoders("cylinder", "float32", False)
    text = header.read_text()
    assert text.count(old) == 1
    path = tmp_path / header.name
    path.write_text(text.replace(old, new))
    shutil.copy(header.with_suffix(".safetensors"), tmp_path)
    with pytest.raises(AnswerIsNo, match=told):
        verify(path)


def test_showers_by_seed_and_number_are_those_of_python(decoders: Written) -> None:
    one = generator("cylinder").using("numpy")
    library = open_library(decoders("cylinder", "float32", False))
    answer, found = library.sample([50_000.0, 1.3, 1.0], seed=7, first=3, n=5)
    expected = one.sample(5, seed=7, first=3, energy_mev=50_000.0, theta_rad=1.3, geometry="siw")
    assert answer.message == "ok"
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-4, atol=1e-3)
    cells, energies = library.cells()
    np.testing.assert_array_equal(cells, np.flatnonzero(found[-1]))
    np.testing.assert_array_equal(energies, found[-1][cells])


def test_every_refusal_has_its_words(decoders: Written) -> None:
    library = open_library(decoders("cylinder", "float32", False))
    for given, told in {
        (50_000.0, 0.3, 1.0): "outside the trained range",
        (-1.0, 1.3, 1.0): "negative",
        (np.nan, 1.3, 1.0): "not a finite number",
        (50_000.0, 1.3, 2.0): "not a known one",
    }.items():
        answer, shower = library.sample(given, 0, 0, 1)
        assert told in answer.message
        assert not shower.any()


def test_threads_share_a_decoder(decoders: Written) -> None:
    library = open_library(decoders("layered", "float32", False))
    expected = library.sample([20_000.0], 1, 0, 40)[1]
    found = np.zeros((4, *expected.shape), dtype=np.float32)

    def sample(thread: int) -> None:
        found[thread] = library.sample([20_000.0], 1, 0, 40)[1]

    threads = [threading.Thread(target=sample, args=(k,)) for k in range(len(found))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found == expected).all()


def test_bound_calls_give_the_same(decoders: Written) -> None:
    executor = backends["cpp"].open(decoders("cylinder", "float32", False))
    assert isinstance(executor, CppExecutor)
    library, call = executor.library, executor.bound(3)
    x = np.random.default_rng(1).normal(size=(3, library.n_inputs)).astype(np.float32)
    np.testing.assert_array_equal(call(x), executor.run(x))
    given, showers = [50_000.0, 1.3, 0.0], np.zeros((2, library.n_cells), dtype=np.float32)
    assert library.bound_sample(given, 5, 2, showers)(4) == 0
    np.testing.assert_array_equal(showers, library.sample(given, 5, 4, 2)[1])


def test_a_generator_in_memory_is_compiled_too() -> None:
    one = generator("layered")
    x = np.random.default_rng(2).normal(size=(4, one.n_in)).astype(np.float32)
    found = backends["cpp"].prepare(one).run(x)
    np.testing.assert_allclose(found, one.using("numpy").executor.run(x), rtol=1e-5, atol=1e-6)


def test_weights_of_another_export_are_refused(decoders: Written, tmp_path: Path) -> None:
    header = decoders("cylinder", "float32", False)
    copy = tmp_path / header.name
    copy.write_bytes(header.read_bytes())
    other = decoders("layered", "float32", False).with_suffix(".safetensors")
    copy.with_suffix(".safetensors").write_bytes(other.read_bytes())
    with pytest.raises(InputFileError, match="another export"):
        backends["cpp"].open(copy)


def test_without_a_compiler_the_line_that_installs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert not CppBackend().available()
    with pytest.raises(MissingDependency, match="apt-get install g"):
        CppBackend().require()


def test_what_the_compiler_says_is_told(tmp_path: Path) -> None:
    source = tmp_path / "wrong.cc"
    source.write_text("int main( {")
    with pytest.raises(compiler.CompilationError, match=r"wrong\.cc") as caught:
        compiler.compile_library(source, tmp_path / "wrong.so")
    assert "error:" in str(caught.value)
