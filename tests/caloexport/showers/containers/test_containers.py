"""Which container a file is, from its first bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import open_showers, write_showers
from caloexport.showers.containers import container_of, containers, is_shower_file
from caloexport.showers.formats import formats
from tests.test_without import without

MESH = CylinderMesh(1, 2, 3, 1.0, 1.0)
FORMATS = {"hdf5": "par04", "root": "par04-root"}


def written(path: Path, format: str) -> Path:
    cells = np.ones((2, 1, 2, 3), dtype=np.float32)
    write_showers(path, format, MESH, {"energy_mev": np.full(2, 1e3)}, [cells])
    return path


@pytest.mark.parametrize("name", containers.names())
def test_a_file_is_known_by_its_first_bytes_and_not_by_its_name(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "showers.txt", FORMATS[name])
    assert container_of(path) == name
    assert is_shower_file(path)
    with open_showers(path) as found:
        assert found.format == FORMATS[name]


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / "a.root"
    path.write_bytes(b"rot")
    assert container_of(path) == "hdf5"
    assert not is_shower_file(path)
    assert not is_shower_file(tmp_path)
    assert not is_shower_file(tmp_path / "missing")


def test_every_format_names_a_container() -> None:
    assert {formats[name].container for name in formats} == set(containers)


@pytest.mark.parametrize("path", ["a:b.root", "http:.root", "a.root:showers", "*.root"])
def test_names_that_uproot_would_take_for_something_else(tmp_path: Path, path: str) -> None:
    with open_showers(written(tmp_path / path, "par04-root")) as found:
        assert found.read().sum() == 12


@pytest.mark.parametrize("missing", ["uproot", "awkward"])
def test_without_the_libraries_for_root(tmp_path: Path, missing: str) -> None:
    path = written(tmp_path / "a.root", "par04-root")
    program = f"""
        import numpy as np
        from pathlib import Path
        from caloexport.runtime.errors import MissingDependency
        from caloexport.showers import convert_showers, open_showers, sample
        def attempt(source, target, format):
            try:
                with open_showers(source) as showers:
                    convert_showers(showers, target, format)
            except MissingDependency as error:
                print(error)
        attempt({str(path)!r}, Path({str(tmp_path)!r}, "b.h5"), "par04")
        attempt(sample("siw"), Path({str(tmp_path)!r}, "b.root"), "par04-root")
    """
    lines = without((missing,), program).splitlines()
    wanted = f"{missing} is not installed (pip install 'caloexport[root]')"
    assert lines == [wanted] * 2
    assert not (tmp_path / "b.root").exists()
