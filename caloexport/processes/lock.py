"""A lock that one process at a time holds, and that no kill leaves behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from caloexport.runtime.errors import OutputFileError


@contextlib.contextmanager
def locked(path: Path, subject: str, work: str) -> Iterator[None]:
    """Hold the lock of a file for the length of the block; the file tells who holds it.

    Args:
        path: made if it is missing; whoever holds the lock may delete it.
        subject: what is locked, for the message.
        work: what the holder does, for the message.

    Raises:
        OutputFileError: another process holds it, or this file system has no locks.
    """
    descriptor = _acquire(path, subject, work)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _acquire(path: Path, subject: str, work: str) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:  # for one, its last holder has just deleted the folder
            message = f"cannot be locked: {error.strerror}"
            raise OutputFileError(message, where=str(path), hint="choose another -o") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still_there(descriptor, path):
                return descriptor
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace") or "unknown"
            os.close(descriptor)
            message = f"another {work} writes it now (process {holder})"
            hint = "wait for it, or choose another -o"
            raise OutputFileError(message, where=subject, hint=hint) from None
        except OSError as error:
            os.close(descriptor)
            message = f"cannot be locked: {error.strerror}"
            hint = "let -o name a place on a disk of this machine"
            raise OutputFileError(message, where=subject, hint=hint) from error
        os.close(descriptor)  # its last holder deleted it between opening and locking


def _is_still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
