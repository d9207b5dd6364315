from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, OutputFileError, UsageError
from caloexport.runtime.files import (
    atomic_output,
    existing_file,
    refuse_to_replace,
    sha256_of,
)


def listing(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_success_replaces_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with atomic_output(target) as temporary:
        assert temporary.parent.parent == tmp_path  # same file system, so the rename is atomic
        temporary.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert listing(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(error), atomic_output(target) as temporary:
        temporary.write_bytes(b"half")
        raise error
    assert target.read_bytes() == b"old"
    assert listing(tmp_path) == ["a.bin"]


def test_nothing_written_is_an_error_not_a_missing_file(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputFileError, match=r"a\.bin: cannot be written"),
        atomic_output(tmp_path / "a.bin"),
    ):
        pass
    assert listing(tmp_path) == []


def test_companions_move_with_the_file(tmp_path: Path) -> None:
    target = tmp_path / "siw.json"
    (tmp_path / "siw.manifest").write_text("old")
    with atomic_output(target) as temporary:
        temporary.write_text("main")
        temporary.with_name("siw.manifest").write_text("new")
        temporary.with_name("scratch").write_text("not a companion")
        assert (tmp_path / "siw.manifest").read_text() == "old"
    assert listing(tmp_path) == ["siw.json", "siw.manifest"]
    assert (tmp_path / "siw.manifest").read_text() == "new"


def test_failure_leaves_the_old_companion(tmp_path: Path) -> None:
    (tmp_path / "siw.manifest").write_text("old")
    with (
        pytest.raises(RuntimeError),
        atomic_output(tmp_path / "siw.json") as temporary,
    ):
        temporary.write_text("main")
        temporary.with_name("siw.manifest").write_text("half")
        raise RuntimeError
    assert listing(tmp_path) == ["siw.manifest"]
    assert (tmp_path / "siw.manifest").read_text() == "old"


def test_nothing_moves_when_a_folder_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "siw.json").mkdir()
    (tmp_path / "siw.manifest").write_text("old")
    with (
        pytest.raises(OutputFileError, match=r"siw\.json: cannot be written: it is a folder"),
        atomic_output(tmp_path / "siw.json") as temporary,
    ):
        temporary.write_text("main")
        temporary.with_name("siw.manifest").write_text("new")
    assert (tmp_path / "siw.manifest").read_text() == "old"


def test_folder_replaces_the_old_folder_whole(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    (target / "inner").mkdir()
    (target / "inner" / "stale").write_text("old")
    with atomic_output(target, folder=True) as temporary:
        (temporary / "inner").mkdir()
        (temporary / "inner" / "fresh").write_text("new")
    assert listing(tmp_path) == ["run", "run/inner", "run/inner/fresh"]


def test_failing_folder_keeps_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    (target / "kept").write_text("old")
    with pytest.raises(RuntimeError), atomic_output(target, folder=True) as temporary:
        (temporary / "half").write_text("new")
        raise RuntimeError
    assert listing(tmp_path) == ["run", "run/kept"]


def test_somebodys_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of it")
    with (
        pytest.raises(
            OutputFileError, match=r"the folder holds 'thesis\.tex', which would be lost"
        ),
        atomic_output(tmp_path, folder=True) as temporary,
    ):
        (temporary / "saved_model.pb").write_text("new")
    assert listing(tmp_path) == ["thesis.tex"]


def test_a_file_does_not_swallow_a_folder_of_the_same_name(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    (target / "work").write_text("years of it")
    with pytest.raises(OutputFileError, match="it is a folder"), atomic_output(target) as temporary:
        temporary.write_text("a file")
    assert listing(tmp_path) == ["precious", "precious/work"]


def test_an_input_error_inside_keeps_its_own_message(tmp_path: Path) -> None:
    with (
        pytest.raises(InputFileError, match="cannot be read"),
        atomic_output(tmp_path / "out") as temporary,
    ):
        temporary.write_bytes(existing_file(tmp_path / "missing").read_bytes())


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (
        pytest.raises(OutputFileError, match="a device or a pipe"),
        atomic_output(tmp_path / "pipe") as temporary,
    ):
        temporary.write_text("new")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("target", ["/dev/null", "/proc/self/fd/1"])
def test_a_link_to_what_the_kernel_serves_is_not_replaced(tmp_path: Path, target: str) -> None:
    link = tmp_path / "stdout"  # as /dev/stdout is one
    link.symlink_to(target)
    with (
        pytest.raises(OutputFileError, match="a device or a pipe"),
        atomic_output(link) as temporary,
    ):
        temporary.write_text("new")
    assert str(link.readlink()) == target


def test_what_is_read_is_not_replaced(tmp_path: Path) -> None:
    source = tmp_path / "model.keras"
    source.write_text("weeks of training")
    refuse_to_replace(source, tmp_path / "model.onnx")
    (tmp_path / "link").symlink_to(source)
    for path in (source, tmp_path / "link", tmp_path / "." / "model.keras"):
        with pytest.raises(UsageError, match="would be replaced by what is made from it"):
            refuse_to_replace(source, path)


def test_missing_folder_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputFileError, match="No such file or directory") as caught,
        atomic_output(tmp_path / "no" / "a.bin"),
    ):
        pass
    assert caught.value.exit_code == 3
    assert caught.value.hint == f"make the folder '{tmp_path / 'no'}' first"


def test_mode_follows_the_umask(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    for folder in (False, True):
        target = tmp_path / f"atomic-{folder}"
        with atomic_output(target, folder=folder) as temporary:
            if not folder:
                temporary.write_text("x")
        shift = 0o111 if folder else 0
        assert target.stat().st_mode & 0o777 & ~shift == plain.stat().st_mode & 0o777


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB; needs the right to mount."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.xfail("this user may not mount a tmpfs; the size limit below covers the same path")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_full_disk_keeps_the_old_file(small_disk: Path) -> None:
    target = small_disk / "a.bin"
    target.write_bytes(b"old")
    with (
        pytest.raises(OutputFileError, match="No space left on device") as caught,
        atomic_output(target) as temporary,
    ):
        temporary.write_bytes(bytes(1 << 20))
    assert "free space" in str(caught.value)
    assert target.read_bytes() == b"old"
    assert listing(small_disk) == ["a.bin"]


def test_size_limit_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    program = f"""
        import resource, signal
        from pathlib import Path
        from caloexport.runtime.errors import OutputFileError
        from caloexport.runtime.files import atomic_output
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            with atomic_output(Path({str(target)!r})) as temporary:
                temporary.write_bytes(bytes(5000))
        except OutputFileError as error:
            print(error)
    """
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert "File too large" in child.stdout
    assert target.read_bytes() == b"old"
    assert listing(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: None, "cannot be read: No such file or directory"),
        (lambda p: p.mkdir(), "is a folder, expected a Keras file"),
        (lambda p: p.touch(), "is empty, expected a Keras file"),
        (lambda p: os.mkfifo(p), "is not a regular file, expected a Keras file"),
        (lambda p: p.symlink_to("/dev/zero"), "is not a regular file"),
        (lambda p: p.symlink_to(p), "cannot be read"),
    ],
    ids=["missing", "folder", "empty", "pipe", "device", "loop"],
)
def test_existing_file_refuses(tmp_path: Path, make: object, message: str) -> None:
    path = tmp_path / "model.keras"
    make(path)  # type: ignore[operator]
    with pytest.raises(InputFileError, match=message) as caught:
        existing_file(path, "Keras file")
    assert caught.value.where == str(path)


def test_existing_file_gives_the_path(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert existing_file(tmp_path / "a") == tmp_path / "a"


def test_sha256(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000  # more than one block
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(content).hexdigest()


def test_a_companion_goes_where_it_belongs(tmp_path: Path) -> None:
    place, other = tmp_path / "a.h", tmp_path / "data" / "other"
    other.parent.mkdir()
    other.write_text("old")
    with atomic_output(place, elsewhere={"w.bin": other}) as temporary:
        temporary.write_text("main")
        temporary.with_name("w.bin").write_text("companion")
        assert other.read_text() == "old"
    assert (place.read_text(), other.read_text()) == ("main", "companion")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.h", "data"]
    assert [path.name for path in other.parent.iterdir()] == ["other"]


def test_a_companion_stays_when_the_file_cannot_appear(tmp_path: Path) -> None:
    place, other = tmp_path / "a.h", tmp_path / "data" / "other"
    other.parent.mkdir()
    other.write_text("old")
    place.mkdir()  # in the way
    with (
        pytest.raises(OutputFileError, match="folder"),
        atomic_output(place, elsewhere={"w.bin": other}) as temporary,
    ):
        temporary.write_text("main")
        temporary.with_name("w.bin").write_text("companion")
    assert other.read_text() == "old"
    assert [path.name for path in other.parent.iterdir()] == ["other"]


def test_a_companion_without_a_place_is_told_by_its_own_name(tmp_path: Path) -> None:
    other = tmp_path / "nowhere" / "w.bin"
    with (
        pytest.raises(OutputFileError, match=r"w\.bin: cannot be written"),
        atomic_output(tmp_path / "a.h", elsewhere={"w.bin": other}) as temporary,
    ):
        temporary.write_text("main")
        temporary.with_name("w.bin").write_text("companion")
    assert list(tmp_path.iterdir()) == []


def test_what_fails_inside_of_a_folder_names_the_place_that_was_wanted(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        with atomic_output(folder, folder=True) as temporary, atomic_output(temporary / "a.png"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputFileError, match="No space left") as caught:
        fill(tmp_path / "figures")
    assert caught.value.where == str(tmp_path / "figures" / "a.png")
    assert listing(tmp_path) == []
