"""Compiled kernels are found, compiled when missing, and loaded without numba."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import cache, natives
from caloexport.runtime.kernels.object_file import Kernels
from tests.house import TESTS

KERNELS = Kernels(("run",), b"object code")


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """Put the cache in a fresh folder, and list what would be compiled."""
    asked: list[Mapping[str, str]] = []

    def compile_kernels(identity: Mapping[str, str]) -> Kernels:
        asked.append(identity)
        return KERNELS

    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(natives, "compile_kernels", compile_kernels)
    return asked


def test_they_are_compiled_once(builds: list[Mapping[str, str]], tmp_path: Path) -> None:
    first, second = natives.find(), natives.find()
    assert (first.compiled, second.compiled) == (True, False)
    assert first.kernels == second.kernels == KERNELS
    assert first.path == second.path
    assert first.path is not None
    assert first.path.parent == tmp_path / "cache"
    assert len(builds) == 1


@pytest.mark.parametrize("change", [b"", b"\0", b"x" * 1000])
def test_a_damaged_file_is_compiled_again(
    builds: list[Mapping[str, str]], caplog: pytest.LogCaptureFixture, change: bytes
) -> None:
    path = natives.find().path
    assert path is not None
    path.write_bytes(path.read_bytes()[:-5] + change)
    assert natives.find().compiled
    assert "damaged; compiling the kernels again" in caplog.text
    assert not natives.find().compiled
    assert len(builds) == 2


def test_other_sources_compile_again(
    builds: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    natives.find()
    changed = {**natives.identity(), "source": "edited"}
    monkeypatch.setattr(natives, "identity", lambda: changed)
    assert natives.find().compiled
    assert builds[1]["source"] == "edited"


def test_stale_content_under_the_right_name_is_compiled_again(
    builds: list[Mapping[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    path = natives.find().path
    assert path is not None
    path.write_bytes(natives.to_bytes(KERNELS, {"level": "of another machine"}))
    assert natives.find().compiled
    assert "for another machine; compiling the kernels again" in caplog.text


def test_a_place_that_cannot_be_written_only_costs_time(
    builds: list[Mapping[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    for _ in range(2):
        found = natives.find()
        assert (found.kernels, found.compiled, found.path) == (KERNELS, True, None)
    assert len(builds) == 2


def test_a_user_without_home_only_waits(
    builds: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    assert natives.find().path is None
    assert len(builds) == 1


def test_two_that_find_nothing_compile_once(
    builds: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()
    compile_kernels = natives.compile_kernels

    def slowly(identity: Mapping[str, str]) -> Kernels:
        inside.set()
        assert go_on.wait(30)
        return compile_kernels(identity)

    monkeypatch.setattr(natives, "compile_kernels", slowly)
    found: list[natives.Found] = []
    threads = [threading.Thread(target=lambda: found.append(natives.find())) for _ in range(2)]
    threads[0].start()
    assert inside.wait(30)
    threads[1].start()  # it sees no file and waits for the lock
    go_on.set()
    for thread in threads:
        thread.join()
    assert sorted(one.compiled for one in found) == [False, True]
    assert len(builds) == 1


def test_code_that_cannot_be_loaded_is_an_error_with_a_way_out(
    builds: list[Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(natives, "_loaded", None)
    with pytest.raises(UnsupportedError, match=r"cannot be loaded.*--backend numpy"):
        natives.natives()


def test_a_user_who_waits_is_told_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(natives, "PATIENCE_S", 0.0)
    with natives.patience():
        while not caplog.records:  # the timer's thread needs its turn
            time.sleep(0.001)
    assert "the first time" in caplog.text


def run_program(program: str) -> str:
    natives.natives()  # so that the child finds them compiled
    child = subprocess.run(
        [sys.executable, "-c", program], cwd=TESTS.parent, check=True, capture_output=True
    )
    return child.stdout.decode()


def test_sampling_does_not_import_numba() -> None:
    program = """
import sys
from tests.networks import decoder
decoder().sample(2, energy_mev=20_000.0, theta_rad=1.2, geometry="siw", seed=3)
print("llvmlite" in sys.modules, "numba" in sys.modules)
"""
    assert run_program(program).split() == ["True", "False"]


def test_a_forked_child_samples_the_same_bits() -> None:
    program = """
import os
import sys
from tests.networks import decoder
generator = decoder()
asked = dict(n=7, energy_mev=20_000.0, theta_rad=1.2, geometry="siw", seed=3)
print(generator.sample(**asked).tobytes().hex(), flush=True)
child = os.fork()
if child == 0:
    print(generator.sample(**asked).tobytes().hex(), flush=True)
    os._exit(0)
sys.exit(os.waitpid(child, 0)[1])
"""
    before, after = run_program(program).split()
    assert before == after
    assert any(c != "0" for c in before)
