"""Every module imports, and the runtime samples, without the optional libraries."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from caloexport.runtime.artifact import save
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate
from caloexport.runtime.vectors import make_inputs, make_vectors
from tests.house import modules
from tests.networks import decoder

OPTIONAL = (
    "tensorflow", "keras", "onnx", "onnxruntime", "numba", "matplotlib", "hist", "h5py", "uproot",
    "awkward", "cramjam", "optuna", "distributed", "scipy", "sklearn",
)  # fmt: skip

#: modules that are the inside of one library: nobody imports them before asking for it
BY_NATURE = {
    "caloexport.runtime.kernels": "numba",
    "caloexport.simulation.kernels": "numba",
    "caloexport.training.fastv.kernels": "numba",
}

BLOCK = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)

sys.meta_path.insert(0, Blocked())
"""


def without(blocked: tuple[str, ...], program: str, *, check: bool = True) -> str:
    """Run a program where some libraries cannot be imported; return what it prints."""
    text = BLOCK.format(blocked=blocked) + textwrap.dedent(program)
    child = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False
    )
    if check and child.returncode:
        pytest.fail(child.stderr)
    return child.stdout


def test_every_module_imports_without_the_optional_libraries() -> None:
    program = f"""
        import importlib, json
        failed = {{}}
        for name in {sorted(modules())!r}:
            try:
                importlib.import_module(name)
            except ImportError as error:
                failed[name] = str(error)
        print(json.dumps(failed))
    """
    failed = json.loads(without(OPTIONAL, program))
    inside = {name: why for name, why in failed.items() if name.startswith(tuple(BY_NATURE))}
    assert {name: why for name, why in failed.items() if name not in inside} == {}
    for name, why in inside.items():
        library = next(lib for room, lib in BY_NATURE.items() if name.startswith(room))
        assert f"'{library}" in why


@pytest.mark.parametrize("library", sorted(set(BY_NATURE.values())))
def test_the_exceptions_are_needed(library: str) -> None:
    rooms = [room for room, needs in BY_NATURE.items() if needs == library]
    names = [name for name in modules() if name.startswith(tuple(rooms))]
    program = f"""
        import importlib, json
        failed = 0
        for name in {names!r}:
            try:
                importlib.import_module(name)
            except ImportError:
                failed += 1
        print(failed)
    """
    assert int(without((library,), program)) > 0


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["convert", "--help"]])
def test_help_needs_no_optional_library(arguments: list[str]) -> None:
    program = f"""
        import sys
        from caloexport.cli.main import run
        sys.argv = ["caloexport", *{arguments!r}]
        run()
    """
    assert "caloexport" in without(OPTIONAL, program)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact_of(tmp_path_factory.mktemp("without") / "toy.safetensors")


def artifact_of(path: Path) -> Path:
    """Write an artifact of a small decoder."""
    generator = decoder()
    inputs = make_inputs(generator.sampling, generator.n_in)
    outputs = evaluate(generator.network, generator.split(inputs))
    with atomic_output(path) as temporary:
        save(temporary, generator, make_vectors(inputs, outputs, generator.sampling))
    return path


def test_the_runtime_samples_without_the_optional_libraries(artifact: Path) -> None:
    program = f"""
        from caloexport.runtime import load
        siw = load({str(artifact)!r})
        shower = siw.sample(energy_mev=50_000.0, theta_rad=1.5, geometry="siw", seed=3)
        print(shower.astype("<f4").tobytes().hex())
    """
    in_memory = decoder()
    here = Generator(in_memory.manifest, lambda: in_memory.network, backend="numpy")
    shower = here.sample(energy_mev=50_000.0, theta_rad=1.5, geometry="siw", seed=3)
    assert without(OPTIONAL, program).strip() == shower.astype("<f4").tobytes().hex()


def test_asking_for_an_absent_backend_gives_the_install_line(artifact: Path) -> None:
    program = f"""
        from caloexport.runtime import load
        from caloexport.runtime.errors import MissingDependency
        try:
            load({str(artifact)!r}, backend="numba")
        except MissingDependency as error:
            print(error)
    """
    found = without(("numba",), program)
    assert found.strip() == "numba is not installed (pip install 'caloexport[numba]')"
