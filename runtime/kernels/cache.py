"""The folder where compiled kernels are kept between processes.

``$CALOEXPORT_CACHE``, else ``$XDG_CACHE_HOME/caloexport``, else ``~/.cache/caloexport``. What lies
there is executed, so a folder or file that others can write is not used. A folder that is
missing, full or read-only costs the time of a build per process, nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

VARIABLE = "CALOEXPORT_CACHE"
SUFFIX = ".kernels"
#: how long to wait for another process that builds; then this one builds for itself
WAIT_S = 180.0
PAUSE_S = 0.05
#: files not used for so long are removed when another is written, and beyond so many the oldest
KEEP_S = 30 * 86400.0
KEEP = 24


def folder() -> Path | None:
    """Return the folder, whether it exists or not; None when the user has no home."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "caloexport"
    try:
        return Path.home() / ".cache" / "caloexport"
    except RuntimeError:  # a batch job without a passwd entry
        return None


def path_of(identity: Mapping[str, str], place: Path) -> Path:
    """Return where in the folder kernels of an identity belong."""
    key = hashlib.sha256(json.dumps(sorted(identity.items())).encode()).hexdigest()
    return place / f"{identity['level']}-{key[:24]}{SUFFIX}"


def is_ours(status: os.stat_result) -> bool:
    """Say whether only this user (or root) can have written something."""
    others = stat.S_IWGRP | stat.S_IWOTH
    return status.st_uid in (os.geteuid(), 0) and not status.st_mode & others


def read(path: Path) -> bytes | None:
    """Return what is kept at a path; None when nothing is, or nothing to be trusted."""
    try:
        if not is_ours(path.parent.stat()):
            return None
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # it may be a pipe
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or not is_ours(status):
                return None
            data = stream.read()
    except OSError:
        return None
    if time.time() - status.st_mtime > KEEP_S / 30:
        with contextlib.suppress(OSError):  # it is still in use
            os.utime(path)
    return data


def write(path: Path, data: bytes) -> bool:
    """Keep data at a path, whole or not at all, and say whether that was possible."""
    try:
        if not prepare(path.parent):
            return False
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    prune(path)
    return True


def prepare(place: Path) -> bool:
    """Make the folder if need be, for this user alone, and say whether it may be used.

    Raises:
        OSError: it cannot be made.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return is_ours(place.stat())


def prune(written: Path) -> None:
    """Remove what other versions left behind; what is loaded in a process stays valid there."""
    now = time.time()
    with contextlib.suppress(OSError):
        patterns = f"*{SUFFIX}", f"*{SUFFIX}.lock", ".*.tmp"
        files = [path for pattern in patterns for path in written.parent.glob(pattern)]
        by_age = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
        for rank, path in enumerate(by_age):
            old = now - path.stat().st_mtime > KEEP_S
            if path != written and (old or rank >= KEEP):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(path: Path, wait_s: float = WAIT_S) -> Iterator[bool]:
    """Hold the lock of a file that is to be written, so that one process builds for all.

    Gives False when there is no lock to be had in time; it saves work, nothing depends on it. The
    system frees the lock of a process that dies.
    """
    beside = path.with_name(f"{path.name}.lock")
    try:
        usable = prepare(path.parent)
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) if usable else None
    except OSError:
        handle = None
    if handle is None:
        yield False
        return
    try:
        held = _acquired(handle, wait_s)
        yield held
        if held:
            beside.unlink(missing_ok=True)  # those who wait hold the file itself
    finally:
        os.close(handle)


def _acquired(handle: int, wait_s: float) -> bool:
    end = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(PAUSE_S)
        except OSError:  # a file system without locks
            return False
        else:
            return True
