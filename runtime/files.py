"""Files written whole or not at all, and read with messages a user can act on."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from caloexport.runtime.errors import (
    CaloexportError,
    InputFileError,
    OutputFileError,
    UsageError,
)


@contextlib.contextmanager
def atomic_output(
    path: Path, *, folder: bool = False, elsewhere: Mapping[str, Path] | None = None
) -> Iterator[Path]:
    """Give a temporary path beside ``path`` that replaces it only when the block succeeds.

    The file is flushed to disk before it is renamed, so that neither a crash nor a full disk
    leaves a half-written file; what was at ``path`` before stays until the rename. Companions,
    written beside the temporary under names that begin with its stem, move first: whoever sees
    the main file finds them complete.

    Args:
        path: where the result belongs.
        folder: make a folder instead of a file; it replaces a folder that holds nothing else
            than files of the same names.
        elsewhere: where companions belong that do not stand beside ``path``, by name.

    Raises:
        OutputFileError: the place cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     target = Path(place) / "a.txt"
    ...     with atomic_output(target) as temporary:
    ...         _ = temporary.write_text("whole")
    ...     target.read_text(), sorted(p.name for p in Path(place).iterdir())
    ('whole', ['a.txt'])
    """
    path = Path(path)
    shelf = _shelf(path)
    temporary = shelf / path.name
    shelves = [shelf]
    try:
        if folder:
            temporary.mkdir()
        yield temporary
        moves = []
        for name, place in (elsewhere or {}).items():
            # first to the other place, which may be on another disk: a rename cannot leave one
            shelves.append(_shelf(place))
            moves.append((Path(shutil.move(shelf / name, shelves[-1] / place.name)), place))
        beside = (p for p in shelf.iterdir() if p != temporary and p.name.startswith(path.stem))
        moves += [(one, path.with_name(one.name)) for one in (*sorted(beside), temporary)]
        for one, place in moves:  # all that can fail, before the first move
            _flush(one)
            _refuse_folder_in_the_way(one, place)
        for one, place in moves:
            _replace(one, place)
    except OutputFileError as error:  # of a file inside of the folder that is being made
        error.where = error.where and error.where.replace(str(temporary), str(path))
        raise
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        for one in shelves:
            shutil.rmtree(one, ignore_errors=True)


def _shelf(path: Path) -> Path:
    """Return a new folder beside a path, so that companions get their final names in it."""
    try:
        _refuse_device(path)
        return Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise _cannot_write(path, error) from error


def _refuse_device(path: Path) -> None:
    """Refuse /dev/null, /dev/stdout, a pipe: for root the rename would replace it for everyone."""
    special = path.exists() and not path.is_file() and not path.is_dir()
    into_kernel = path.is_symlink() and str(path.readlink()).startswith(("/proc/", "/dev/"))
    if special or into_kernel:
        raise OSError(errno.EINVAL, "it is a device or a pipe, expected a place for a file")


def _replace(temporary: Path, path: Path) -> None:
    """Rename; a folder in the way is moved aside first, because rename cannot replace it."""
    if path.is_dir() and not path.is_symlink():
        aside = temporary.parent / "previous"
        path.rename(aside)
        try:
            temporary.rename(path)
        except OSError:
            aside.rename(path)
            raise
    else:
        temporary.replace(path)


def _refuse_folder_in_the_way(temporary: Path, path: Path) -> None:
    if not path.is_dir() or path.is_symlink():
        return
    if not temporary.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    strangers = {p.name for p in path.iterdir()} - {p.name for p in temporary.iterdir()}
    if strangers:  # somebody's folder, not an earlier result
        reason = f"the folder holds '{min(strangers)}', which would be lost"
        raise FileExistsError(errno.EEXIST, reason)


def _flush(path: Path) -> None:
    files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    for file in files:
        with file.open("rb") as stream:
            os.fsync(stream.fileno())


def _cannot_write(path: Path, error: OSError) -> CaloexportError:
    hint = "choose another place"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "free space, or choose another place"
    elif error.errno == errno.ENOENT and not path.parent.exists():
        hint = f"make the folder '{path.parent}' first"
    reason = error.strerror or str(error)
    return OutputFileError(f"cannot be written: {reason}", where=str(path), hint=hint)


def refuse_to_replace(source: Path, path: Path) -> None:
    """Check that writing ``path`` leaves the file that is read as it is.

    Raises:
        UsageError: they are one file.
    """
    if source.exists() and path.exists() and path.samefile(source):
        message = "would be replaced by what is made from it"
        raise UsageError(message, where=str(source), hint="write to another file")


def require_place(path: Path, *, folder: bool = False) -> None:
    """Refuse a place that nothing can be written at, before long work and not after it.

    Args:
        path: where a file belongs.
        folder: a folder belongs there instead.

    Raises:
        OutputFileError: its parent does not exist, or what is there is of the other kind.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        message = "cannot be made: its parent does not exist"
        hint = f"make the folder '{path.parent}' first"
        raise OutputFileError(message, where=str(path), hint=hint)
    if path.exists() and path.is_dir() != folder:
        is_, belongs = ("a file", "folder") if folder else ("a folder", "file")
        message = f"is {is_}, expected a place for a {belongs}"
        raise OutputFileError(message, where=str(path), hint="choose another place")


def existing_file(path: Path, what: str = "file") -> Path:
    """Return ``path`` if it is a non-empty regular file.

    Raises:
        InputFileError: missing, a folder, unreadable or empty.
    """
    path = Path(path)
    if path.is_dir():
        message = f"is a folder, expected a {what}"
        raise InputFileError(message, where=str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its other end
            message = f"is not a regular file, expected a {what}"
            raise InputFileError(message, where=str(path))
        with path.open("rb") as stream:
            first = stream.read(1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise InputFileError(message, where=str(path)) from error
    if not first:
        message = f"is empty, expected a {what}"
        raise InputFileError(message, where=str(path))
    return path


def sha256_of(path: Path) -> str:
    """Hash a file's content."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
