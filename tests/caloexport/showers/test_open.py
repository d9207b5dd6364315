from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.showers import open_showers
from caloexport.showers.containers import is_shower_file

Make = Callable[..., Path]


def replaced(key: str, value: object) -> Callable[[h5py.File], None]:
    def edit(file: h5py.File) -> None:
        del file[key]
        if value is not None:
            file[key] = value

    return edit


def put(key: str, index: object, value: float) -> Callable[[h5py.File], None]:
    def edit(file: h5py.File) -> None:
        file[key][index] = value

    return edit


def test_what_a_par04_file_tells(par04_file: Make) -> None:
    with open_showers(par04_file()) as showers:
        assert (showers.n, showers.format) == (6, "par04")
        assert showers.mesh.shape == (3, 4, 5)
        assert showers.mesh.to_json()["dr_mm"] == 2.0
        assert showers.conditions["energy_mev"].tolist() == [1e3, 2e3, 3e3, 4e3, 5e3, 6e3]
        assert set(showers.conditions) == {"energy_mev", "theta_rad", "geometry"}
        assert set(showers.conditions["geometry"]) == {"siw"}
        assert showers.read(slice(5, 6))[0, 2, 3, 4] == 5234
        assert showers.read().dtype == np.float32


def test_half_precision_and_mixed_geometries_are_read(par04_file: Make) -> None:
    def edit(file: h5py.File) -> None:
        del file.attrs["geometry"]
        file["geometry"] = np.array([b"SiW", b"SciPb"] * 3)
        cells = file["showers"][:]
        del file["showers"]
        file["showers"] = cells.astype(np.float16)

    with open_showers(par04_file(edit)) as showers:
        assert showers.stored_dtype == "float16"
        assert showers.read(slice(0, 1))[0, 2, 3, 4] == 234
        assert showers.conditions["geometry"].tolist() == ["siw", "scipb"] * 3


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (replaced("showers", None), "no known shower format: it holds incident_energy"),
        (replaced("showers", np.zeros((6, 3, 4))), "has the shape .6, 3, 4., expected 4 dimen"),
        (replaced("showers", np.zeros((0, 3, 4, 5))), "expected .0,. as there are 0 showers"),
        (replaced("showers", np.zeros((6, 0, 4, 5))), "at least one on each axis"),
        (replaced("showers", np.full((6, 3, 4, 5), b"x")), "expected numbers"),
        (replaced("showers", np.zeros((6, 3, 4, 5), complex)), "has the type complex128"),
        (replaced("incident_energy", np.ones(5)), r"'incident_energy' has the shape \(5,\)"),
        (replaced("incident_energy", np.ones((6, 2))), r"shape \(6, 2\), expected \(6,\)"),
        (put("incident_energy", 2, 0.0), "'incident_energy' of shower 2 is 0 MeV, expected > 0"),
        (put("incident_energy", 3, -5.0), "of shower 3 is -5 MeV"),
        (put("incident_energy", 1, np.nan), "of shower 1 is nan, expected a finite"),
        (put("incident_theta", 4, np.inf), "'incident_theta' of shower 4 is inf"),
        (put("incident_theta", 2, 90.0), "'incident_theta' of shower 2 is 90, expected radians"),
        (lambda f: f.attrs.update({"r_cell_mm": "wide"}), "'r_cell_mm' is 'wide', expected a len"),
        (lambda f: f.attrs.update({"order": "z, phi, r"}), "takes no binning and no order"),
        (lambda f: f.update({"geometry": [1, 2]}) or f.attrs.pop("geometry"), "'geometry' is int"),
    ],
)
def test_wrong_content_is_refused_on_opening(
    par04_file: Make, edit: Callable[[h5py.File], None], message: str
) -> None:
    path = par04_file(edit)
    with pytest.raises(InputFileError, match=message) as caught:
        open_showers(path)
    assert str(path) in str(caught.value.where)
    path.rename(path.with_suffix(".moved"))  # nothing holds the file open


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_wrong_energy_is_refused_when_it_is_read(par04_file: Make, wrong: float) -> None:
    path = par04_file(put("showers", (4, 2, 1, 3), wrong))
    with open_showers(path) as showers:
        assert len(showers.read(slice(0, 4))) == 4
        with pytest.raises(InputFileError, match=r"shower 4 has the energy .* cell \(r=2, phi=1"):
            list(showers.chunks(3))


def test_zero_showers(par04_file: Make) -> None:
    with pytest.raises(InputFileError, match="holds zero showers"):
        open_showers(par04_file(n=0))


@pytest.mark.parametrize("kept", [4, 100, 900])
def test_truncated(par04_file: Make, kept: int) -> None:
    path = par04_file()
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputFileError, match=r"not an HDF5 file|truncated|damaged"):
        open_showers(path)


@pytest.mark.parametrize("content", [b"", b"not HDF5 at all", b"PK\x03\x04" + bytes(100)])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.h5"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"is empty|is not an HDF5 file"):
        open_showers(path)
    assert not is_shower_file(path)
    with pytest.raises(InputFileError, match="No such file"):
        open_showers(tmp_path / "missing.h5")
    assert not is_shower_file(tmp_path / "missing.h5")


def test_damaged_block_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    cells = np.random.default_rng(0).random((4, 3, 4, 500))
    with h5py.File(path, "w") as file:
        file["incident_energy"] = np.ones(4)
        file.create_dataset("showers", data=cells, chunks=(2, 3, 4, 500), compression="gzip")
        where = file["showers"].id.get_chunk_info(1)
    data = bytearray(path.read_bytes())
    data[where.byte_offset + 50 : where.byte_offset + 150] = bytes(100)
    path.write_bytes(data)
    with open_showers(path) as showers:
        showers.read(slice(0, 2))
        with pytest.raises(InputFileError, match="'showers' cannot be read from row 2"):
            showers.read(slice(2, 4))


def test_a_file_of_random_damage_never_gives_another_error(par04_file: Make) -> None:
    # without text attributes: HDF5 itself crashes on some damages of their heap
    path = par04_file(lambda file: file.attrs.clear())
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    refused = 0
    for _ in range(60):
        data = bytearray(whole)
        for place in random.integers(0, 4000, size=8):
            data[place] = random.integers(256)
        path.write_bytes(data)
        try:
            with open_showers(path) as showers:
                showers.read()
        except InputFileError:
            refused += 1
    assert refused > 10


def hostile_links(folder: Path) -> dict[str, Callable[[h5py.File], None]]:
    other = folder / "secret.h5"
    with h5py.File(other, "w") as file:
        file["showers"] = np.ones((6, 3, 4, 5))
    raw = folder / "raw.bin"
    raw.write_bytes(bytes(6 * 60 * 4))
    layout = h5py.VirtualLayout(shape=(6, 3, 4, 5), dtype="f4")
    layout[:] = h5py.VirtualSource(str(other), "showers", shape=(6, 3, 4, 5))

    def external_data(file: h5py.File) -> None:
        del file["showers"]
        size = 6 * 60 * 4
        file.create_dataset("showers", (6, 3, 4, 5), "f4", external=[(str(raw), 0, size)])

    def virtual_data(file: h5py.File) -> None:
        del file["showers"]
        file.create_virtual_dataset("showers", layout)

    return {
        "link": replaced("showers", h5py.ExternalLink(str(other), "/showers")),
        "external": external_data,
        "virtual": virtual_data,
    }


@pytest.mark.parametrize("kind", ["link", "external", "virtual"])
def test_data_of_other_files_is_not_followed(par04_file: Make, tmp_path: Path, kind: str) -> None:
    path = par04_file(hostile_links(tmp_path)[kind])
    with pytest.raises(InputFileError, match="which is not followed"):
        open_showers(path)


@pytest.mark.parametrize(
    ("shape", "chunks", "message"),
    [
        ((10**9, 3, 4, 5), (1, 3, 4, 5), "declares the shape"),
        ((6, 4000, 4000, 45), (1, 10, 10, 45), "declares the shape"),
        ((10**6, 18, 50, 45), (10**4, 18, 50, 45), "too large to read"),
    ],
)
def test_declared_shapes_are_refused_before_memory_is_taken(
    par04_file: Make, shape: tuple[int, ...], chunks: tuple[int, ...], message: str
) -> None:
    def edit(file: h5py.File) -> None:
        del file["showers"]
        file.create_dataset("showers", shape, "f4", chunks=chunks, compression="gzip")

    with pytest.raises(InputFileError, match=message):
        open_showers(par04_file(edit))


def test_a_million_declared_showers_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.h5"
    with h5py.File(path, "w") as file:
        n = 200_000
        file["incident_energy"] = np.ones(n, dtype="f4")
        # 32 GB, none of which is stored
        file.create_dataset("showers", (n, 18, 50, 45), "f4", chunks=(16, 18, 50, 45))
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from caloexport.showers import open_showers
with open_showers({str(path)!r}) as showers:
    blocks = showers.chunks()
    print(sum(float(next(blocks)[1].sum()) for _ in range(3)), showers.n)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.stdout.split() == ["0.0", "200000"]


def test_the_message_lists_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "points.h5"
    with h5py.File(path, "w") as file:
        file["energies"] = np.ones((3, 1))
        file["shape"] = [3, 5, 4]
    with pytest.raises(InputFileError, match=r"energies .3, 1., shape .3,") as caught:
        open_showers(path)
    assert "CaloChallenge" in str(caught.value.hint)
    assert "Zenodo" in str(caught.value.hint)
