"""The wheel holds the whole house, and its ground floor needs numpy alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import textwrap
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.generator import Generator
from tests.house import FLOORS, HOUSE
from tests.networks import decoder

ROOT = HOUSE.parent
#: of a model that can be adapted, in the repository alone
NOT_INSTALLED = ("weights.safetensors", "config.toml")


def built(what: str, pattern: str, folder: Path, root: Path = ROOT) -> Path:
    """Build from this checkout, or from another folder."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("caloexport is not run from a checkout")
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", what, "-d", str(folder)]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once from this checkout."""
    return built("wheel", "*.whl", tmp_path_factory.mktemp("wheel"))


def files_of_the_house() -> set[str]:
    """Return what the package's folder holds, links followed, without what Python leaves behind.

    What adapting a model takes is left out, too: nothing of it is installed.
    """
    found, waiting = set(), [HOUSE]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.name == "__pycache__" or path.name.startswith("."):
                continue
            if path.parts[-3] == "models" and path.name in NOT_INSTALLED:
                continue
            if path.is_dir():
                waiting.append(path)
            else:
                found.add(path.relative_to(HOUSE.parent).as_posix())
    return found


def test_the_wheel_is_pure_and_says_what_it_is(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
        (points,) = (n for n in archive.namelist() if n.endswith("entry_points.txt"))
        assert "caloexport = caloexport.cli.main:run" in archive.read(points).decode()
    assert "Name: caloexport" in text
    assert "License-Expression: BSD-3-Clause" in text
    assert "Requires-Python: >=3.11" in text


def test_the_wheel_holds_every_file_as_a_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        infos = archive.infolist()
    names = {info.filename for info in infos}
    links = [info.filename for info in infos if info.external_attr >> 16 & 0o170000 == 0o120000]
    assert not links
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"caloexport"}
    packed = {name for name in names if name.startswith("caloexport/")}
    assert packed == files_of_the_house()
    assert "caloexport/py.typed" in packed
    for floor in FLOORS:
        assert f"caloexport/{floor}/__init__.py" in packed


def test_the_source_archive_holds_every_file_as_a_file(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", "*.tar.gz", tmp_path)) as archive:
        members = archive.getmembers()
    names = {member.name.partition("/")[2] for member in members}
    assert not [member.name for member in members if not member.isreg()]
    assert {name for name in names if name.startswith("caloexport/")} == files_of_the_house()
    assert "tests/cpp/README.md" in names


@pytest.mark.parametrize(("what", "pattern"), [("wheel", "*.whl"), ("sdist", "*.tar.gz")])
def test_decoders_are_installed_and_what_adapting_them_takes_is_not(
    what: str, pattern: str, tmp_path: Path
) -> None:
    house = tmp_path / "house"
    model = house / "models" / "toy"
    model.mkdir(parents=True)
    for name in (*NOT_INSTALLED, "decoder.keras", "manifest.json", "exports.toml", "MODEL_CARD.md"):
        (model / name).touch()
    (house / "caloexport").mkdir()
    (house / "caloexport" / "__init__.py").touch()
    (house / "caloexport" / "models").symlink_to("../models")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, house / name)
    package = built(what, pattern, tmp_path, house)
    if what == "wheel":
        with zipfile.ZipFile(package) as wheel:
            names = wheel.namelist()
    else:
        with tarfile.open(package) as archive:
            names = archive.getnames()
    found = [name.rpartition("models/toy/")[2] for name in names if "models/toy/" in name]
    assert sorted(found) == ["MODEL_CARD.md", "decoder.keras", "exports.toml", "manifest.json"]


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 40e6  # embedded showers and shipped decoders included


@pytest.fixture(scope="session")
def numpy_only(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that holds numpy and caloexport, nothing else."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    for top in {
        file.parts[0] for file in distribution("numpy").files or () if ".." not in file.parts
    }:
        (site / top).symlink_to(Path(str(distribution("numpy").locate_file(top))))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    install += ["--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    return python


def test_the_runtime_samples_with_numpy_alone(numpy_only: Path, tmp_path: Path) -> None:
    from tests.test_without import artifact_of

    path = artifact_of(tmp_path / "toy.safetensors")
    program = f"""
        import importlib.metadata, sys
        found = {{d.metadata["Name"] for d in importlib.metadata.distributions()}}
        assert found == {{"numpy", "caloexport"}}, found
        from caloexport.runtime import load
        siw = load({str(path)!r})
        shower = siw.sample(energy_mev=50_000.0, theta_rad=1.5, geometry="siw", seed=3)
        assert not any(name.split(".")[0] in {FLOORS!r} for name in sys.modules)
        print(shower.astype("<f4").tobytes().hex())
    """
    child = subprocess.run(
        [numpy_only, "-I", "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert child.returncode == 0, child.stderr
    here = Generator(decoder().manifest, lambda: decoder().network, backend="numpy")
    expected = here.sample(energy_mev=50_000.0, theta_rad=1.5, geometry="siw", seed=3)
    found = np.frombuffer(bytes.fromhex(child.stdout), dtype="<f4").reshape(expected.shape)
    np.testing.assert_array_equal(found, expected)


def test_the_sources_in_c_plus_plus_are_found_where_they_are_installed(
    numpy_only: Path, tmp_path: Path
) -> None:
    program = """
        from caloexport.cpp_snippets import folder
        assert "site-packages" in folder().parts, folder()
        for path in ("physics/check.h", "physics/physics.h.jinja", "decoder/decoder.h.jinja"):
            assert (folder() / path).is_file(), path
    """
    command = [numpy_only, "-I", "-W", "error", "-c", textwrap.dedent(program)]
    child = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert child.returncode == 0, child.stderr
