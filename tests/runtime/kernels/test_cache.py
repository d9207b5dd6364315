"""The cache folder is chosen, trusted only when ours, written whole, and locked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caloexport.runtime.kernels import cache

IDENTITY = {"level": "avx2", "source": "abc"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "deep" / "cache"))
    return tmp_path / "deep" / "cache"


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv(cache.VARIABLE, "/chosen")
    assert cache.folder() == Path("/chosen")
    monkeypatch.delenv(cache.VARIABLE)
    assert cache.folder() == Path("/xdg/caloexport")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative, so to be ignored")
    assert cache.folder() == Path("/home/someone/.cache/caloexport")


def test_a_user_without_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    for name in (cache.VARIABLE, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert cache.folder() is None


@pytest.mark.parametrize("key", IDENTITY)
def test_every_identity_has_a_file_of_its_own(place: Path, key: str) -> None:
    other = cache.path_of(IDENTITY | {key: "other"}, place)
    assert other != cache.path_of(IDENTITY, place)
    assert other.parent == place


def test_what_is_written_is_read(place: Path) -> None:
    path = cache.path_of(IDENTITY, place)
    assert cache.read(path) is None
    assert cache.write(path, b"code")
    assert cache.read(path) == b"code"
    assert place.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in place.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_not_used(place: Path, mode: int) -> None:
    path = cache.path_of(IDENTITY, place)
    cache.write(path, b"code")
    place.chmod(mode)
    assert cache.read(path) is None
    assert not cache.write(path, b"code")
    with cache.lock(path) as held:
        assert not held


def test_a_file_that_others_can_write_is_not_used(place: Path) -> None:
    path = cache.path_of(IDENTITY, place)
    cache.write(path, b"code")
    path.chmod(0o666)
    assert cache.read(path) is None


def test_somebody_else_s_folder_is_not_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = cache.path_of(IDENTITY, place)
    cache.write(path, b"code")
    owner = place.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    found = cache.read(path)
    assert found == (b"code" if owner == 0 else None)  # root's is anybody's to use
    fake = os.stat_result((0o40755, 0, 0, 0, owner + 2, 0, 0, 0, 0, 0))
    assert not cache.is_ours(fake)


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing"])
def test_something_else_in_the_place_of_the_file_is_not_read(place: Path, kind: str) -> None:
    path = cache.path_of(IDENTITY, place)
    place.mkdir(parents=True, mode=0o700)
    if kind == "folder":
        path.mkdir()
        assert not cache.write(path, b"code")
    elif kind == "pipe":
        os.mkfifo(path, 0o600)
    assert cache.read(path) is None


def test_a_full_disk_leaves_nothing_behind(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    path = cache.path_of(IDENTITY, place)
    assert not cache.write(path, b"code")
    assert list(place.iterdir()) == []


def test_old_files_go_when_another_is_written(place: Path) -> None:
    old = cache.path_of(IDENTITY | {"source": "old"}, place)
    recent = cache.path_of(IDENTITY | {"source": "recent"}, place)
    cache.write(old, b"old")
    cache.write(recent, b"recent")
    long_ago = time.time() - cache.KEEP_S - 1
    os.utime(old, (long_ago, long_ago))
    new = cache.path_of(IDENTITY, place)
    cache.write(new, b"new")
    assert set(place.iterdir()) == {recent, new}


def test_the_oldest_go_when_there_are_many(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEEP", 3)
    paths = [cache.path_of(IDENTITY | {"source": str(k)}, place) for k in range(5)]
    now = time.time()
    for k, path in enumerate(paths):
        cache.write(path, b"code")
        os.utime(path, (now + k - 1000, now + k - 1000))
    cache.write(paths[0], b"code")
    assert set(place.iterdir()) == {paths[0], *paths[3:]}


def test_a_file_in_use_does_not_grow_old(place: Path) -> None:
    path = cache.path_of(IDENTITY, place)
    cache.write(path, b"code")
    long_ago = time.time() - cache.KEEP_S - 1
    os.utime(path, (long_ago, long_ago))
    cache.read(path)
    assert path.stat().st_mtime > time.time() - 1000


def test_one_at_a_time_holds_the_lock(place: Path) -> None:
    path = cache.path_of(IDENTITY, place)
    with cache.lock(path) as first:
        assert first
        with cache.lock(path, wait_s=0.0) as second:
            assert not second
        with cache.lock(path.with_name("other"), wait_s=0.0) as other:
            assert other
    assert list(place.iterdir()) == []


def test_the_lock_of_a_killed_process_is_free(place: Path) -> None:
    path = cache.path_of(IDENTITY, place)
    program = """
import os, signal, sys
from pathlib import Path
from caloexport.runtime.kernels import cache
with cache.lock(Path(sys.argv[1])) as held:
    assert held
    os.kill(os.getpid(), signal.SIGKILL)
"""
    child = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert child.returncode == -9
    assert len(list(place.iterdir())) == 1
    with cache.lock(path, wait_s=0.0) as held:
        assert held
