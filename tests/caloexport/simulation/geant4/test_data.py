from __future__ import annotations

import io
import lzma
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, OutputFileError
from caloexport.simulation.geant4 import data
from caloexport.simulation.geant4.data import (
    CONTENT_SHA256,
    content_sha256,
    data_folder,
    elements_with_tables,
    extract,
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "caloexport"


def pack_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:xz") as archive:
        for entry, content in members:
            archive.addfile(entry, io.BytesIO(content))
    return path


def entry(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.type = size, kind
    return made


def test_the_tables_are_unpacked_once_and_whole(cache: Path) -> None:
    folder = data_folder()
    assert folder.parent == cache
    assert content_sha256(folder) == CONTENT_SHA256
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert data_folder() == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == times
    assert [path.name for path in cache.iterdir()] == [folder.name]


def test_every_element_has_all_its_files(cache: Path) -> None:
    folder = data_folder() / "G4EMLOW8.8"
    assert elements_with_tables(data_folder()) == set(range(1, 93))
    for z in elements_with_tables(data_folder()):
        names = [f"pe-cs-{z}", f"pe-high-{z}", f"pe-low-{z}"]
        names += [f"pe-le-cs-{z}", f"pe-ss-cs-{z}"] if z > 12 else []
        for name in names:
            assert (folder / "epics2017" / "phot" / f"{name}.dat").stat().st_size > 20
        assert (folder / "epics2017" / "rayl" / f"re-cs-{z}.dat").is_file()


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "file"])
def test_a_damaged_cache_is_made_again(cache: Path, damage: str) -> None:
    folder = data_folder()
    victim = folder / "G4EMLOW8.8" / "brem_SB" / "br74"
    if damage == "changed":
        content = victim.read_bytes()
        victim.write_bytes(content[:-9] + b"1" + content[-8:])
    elif damage == "missing":
        victim.unlink()
    elif damage == "added":
        (folder / "G4EMLOW8.8" / "brem_SB" / "br99").touch()
    else:
        shutil.rmtree(folder)
        folder.touch()
    assert content_sha256(data_folder()) == CONTENT_SHA256
    assert [path.name for path in cache.iterdir()] == [folder.name]


def test_processes_that_unpack_at_once_all_succeed(cache: Path) -> None:
    program = "from caloexport.simulation.geant4.data import data_folder; print(data_folder())"
    command = [sys.executable, "-c", program]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    found = [Path(process.communicate()[0].strip()) for process in running]
    assert [process.returncode for process in running] == [0] * 3
    assert set(found) == set(cache.iterdir())
    assert content_sha256(found[0]) == CONTENT_SHA256


def test_processes_that_repair_at_once_all_succeed(cache: Path) -> None:
    (data_folder() / "G4EMLOW8.8" / "brem_SB" / "br74").unlink()
    test_processes_that_unpack_at_once_all_succeed(cache)


def test_a_damaged_pack_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "PACK_SHA256", "0" * 64)
    with pytest.raises(InputFileError, match=r"sha256 is .* expected 000.*install caloexport"):
        data_folder()
    assert not cache.exists()


def test_a_pack_of_another_version_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "CONTENT_SHA256", "0" * 64)
    with pytest.raises(InputFileError, match="other tables than this version"):
        data_folder()
    assert not list(cache.iterdir())


@pytest.fixture
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file where the cache should be; return the folder that would take its place."""
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    data._tell.cache_clear()
    return tmp_path / "temporary" / f"caloexport-{os.geteuid()}"


def test_a_private_temporary_folder_takes_the_place_of_the_cache(
    no_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = data_folder()
    assert folder.parent == no_cache
    assert stat.S_IMODE(no_cache.stat().st_mode) == 0o700
    (folder / "G4EMLOW8.8" / "brem_SB" / "br74").write_text("not ours")
    assert data_folder() == folder
    assert content_sha256(folder) == CONTENT_SHA256
    (told,) = caplog.messages
    assert "file/caloexport" in told
    assert f"cannot be unpacked: Not a directory; they are in {no_cache} instead" in told


@pytest.mark.parametrize("obstacle", ["file", "link", "open to all", "somebody else's"])
def test_a_cache_that_cannot_be_made_is_named(
    no_cache: Path, obstacle: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if obstacle == "file":
        no_cache.touch()
    elif obstacle == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        no_cache.symlink_to(tmp_path / "elsewhere")
    else:
        no_cache.mkdir(mode=0o700)
        no_cache.chmod(0o777 if obstacle == "open to all" else 0o700)
    if obstacle == "somebody else's":
        owner = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
        no_cache.rename(no_cache.with_name(f"caloexport-{owner + 1}"))
    with pytest.raises(OutputFileError, match=r"cannot be unpacked.*XDG_CACHE_HOME"):
        data_folder()
    assert not list(tmp_path.rglob("G4EMLOW*"))


@pytest.mark.parametrize(
    "member",
    [
        entry("/etc/passwd"),
        entry("../outside"),
        entry("a/../../outside"),
        entry("link", kind=tarfile.SYMTYPE),
        entry("hard", kind=tarfile.LNKTYPE),
        entry("device", kind=tarfile.CHRTYPE),
        entry("pipe", kind=tarfile.FIFOTYPE),
    ],
    ids=lambda member: member.name,
)
def test_odd_members_are_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    pack = pack_of(tmp_path / "odd.tar.xz", (member, b""))
    with pytest.raises(InputFileError, match=r"expected plain files below one folder"):
        extract(pack, tmp_path / "place")
    assert [path.name for path in tmp_path.iterdir()] == ["odd.tar.xz"]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MAX_BYTES", 10_000)
    pack = pack_of(tmp_path / "bomb.tar.xz", (entry("big", 10_001), bytes(10_001)))
    with pytest.raises(InputFileError, match="unpacks to over"):
        extract(pack, tmp_path / "place")


@pytest.mark.parametrize("content", [b"", b"text", lzma.compress(b"text")])
def test_what_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    pack = tmp_path / "other.tar.xz"
    pack.write_bytes(content)
    with pytest.raises(InputFileError, match="not a whole pack"):
        extract(pack, tmp_path / "place")


def test_a_cut_pack_is_refused(tmp_path: Path) -> None:
    member = (entry("a", 100_000), bytes(range(250)) * 400)
    whole = pack_of(tmp_path / "whole.tar.xz", member).read_bytes()
    cut = tmp_path / "cut.tar.xz"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputFileError, match="not a whole pack"):
        extract(cut, tmp_path / "place")
