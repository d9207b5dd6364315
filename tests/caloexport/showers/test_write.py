from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, OutputFileError, UnknownName, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import convert_showers, from_arrays, open_showers, sample, write_showers

MESH = CylinderMesh(1, 2, 3)


def cells(n: int) -> np.ndarray:
    return np.ones((n, 1, 2, 3), dtype=np.float32)


@pytest.mark.parametrize("name", ["par04", "calochallenge", "par04-zenodo"])
@pytest.mark.parametrize("blocks", [[2], [2, 2, 1], [], [3, 3]])
def test_the_number_of_showers_must_be_right(tmp_path: Path, name: str, blocks: list[int]) -> None:
    energies = {"energy_mev": np.full(4, 1000.0)}
    with pytest.raises(UsageError, match=f"hold {sum(blocks)} showers, the conditions 4"):
        write_showers(tmp_path / "a.h5", name, MESH, energies, [cells(n) for n in blocks])
    assert list(tmp_path.iterdir()) == []


def test_no_shower_is_refused(tmp_path: Path) -> None:
    for conditions in ({}, {"energy_mev": np.ones(0)}):
        with pytest.raises(UsageError, match="at least one"):
            write_showers(tmp_path / "a.h5", "par04", MESH, conditions, [])


def test_unknown_format_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"unknown shower format 'par4' .did you mean 'par04'"):
        write_showers(tmp_path / "a.h5", "par4", MESH, {"energy_mev": np.ones(1)}, [cells(1)])


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputFileError("damaged")])
def test_what_was_there_stays_when_reading_fails(
    tmp_path: Path, error: BaseException | type[BaseException]
) -> None:
    path = tmp_path / "a.h5"
    path.write_text("precious")

    def blocks() -> Iterator[np.ndarray]:
        yield cells(1)
        raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        write_showers(path, "par04", MESH, {"energy_mev": np.ones(2)}, blocks())
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["a.h5"]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="No such file or directory"):
        write_showers(
            tmp_path / "no" / "a.h5", "par04", MESH, {"energy_mev": np.ones(1)}, [cells(1)]
        )


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.h5"
    program = f"""
        import resource, signal
        from caloexport.runtime.errors import OutputFileError
        from caloexport.showers import convert_showers, open_showers, sample
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            with open_showers(sample("siw")) as source:
                convert_showers(source, {str(target)!r}, "calochallenge")
        except OutputFileError as error:
            print(error)
    """
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert "a.h5: cannot be written: File too large" in child.stdout
    assert child.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_half_precision_stays_and_double_becomes_single(tmp_path: Path) -> None:
    with open_showers(sample("scipb")) as source:
        part = from_arrays(
            source.read(slice(0, 3)).astype(np.float16),
            source.mesh,
            {name: values[:3] for name, values in source.conditions.items()},
        )
        convert_showers(part, tmp_path / "a.h5", "calochallenge")
        with open_showers(tmp_path / "a.h5") as found:
            assert found.stored_dtype == "float16"
            assert np.array_equal(found.read().transpose(0, 3, 2, 1), source.read(slice(0, 3)))
    double = from_arrays(cells(1) * 0.1, MESH, {"energy_mev": np.array([0.1])})
    convert_showers(double, tmp_path / "b.h5", "par04")
    with open_showers(tmp_path / "b.h5") as found:
        assert found.stored_dtype == "float32"
        assert found.conditions["energy_mev"][0] == 0.1  # float32 would have lost digits


def test_progress_is_reported(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    source = from_arrays(cells(5), MESH, {"energy_mev": np.ones(5)})
    convert_showers(source, tmp_path / "a.h5", "par04", report=lambda *now: seen.append(now))
    assert seen == [(5, 5, "showers")]


def test_a_file_is_not_converted_onto_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    shutil.copy(sample("scipb"), path)
    before = path.read_bytes()
    with open_showers(path) as source, pytest.raises(UsageError, match="would be replaced"):
        convert_showers(source, path, "calochallenge")
    assert path.read_bytes() == before
