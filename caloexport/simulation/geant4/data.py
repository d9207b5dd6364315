"""The tables that Geant4's electromagnetic physics reads: shipped packed, unpacked to a cache once.

scripts/make_em_tables.py makes the pack and prints the two hashes; docs/geant4-tables.md says what
is in it and where it comes from.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import logging
import lzma
import os
import shutil
import stat
import sys
import tarfile
import tempfile
from importlib.resources import files
from pathlib import Path, PurePosixPath

from caloexport.runtime.errors import InputFileError, OutputFileError
from caloexport.runtime.files import existing_file, sha256_of

log = logging.getLogger(__name__)

PACK = "geant4-em-tables.tar.xz"
#: the data set of electromagnetic physics, in the folder of data sets
TABLES = "G4EMLOW8.8"
PACK_SHA256 = "cc92149d54ed60880e5490b1b675d7af5dc009aaa04cf40464fc155b092c5250"
CONTENT_SHA256 = "c9a60cebc19aa7b6ac24d0d149c61371f368b2311a45b52ff7512adaf5537474"
#: far above what the pack holds, far below what could hurt
MAX_MEMBERS, MAX_BYTES = 2000, 2**25
#: to put the tables in place while other processes try the same
ATTEMPTS = 5


def data_folder() -> Path:
    """Return the folder that holds the tables, unpacking them first if need be.

    Every file is hashed each time (25 ms): a damaged folder is unpacked again. Where the cache
    cannot be written, a folder of this user alone among the temporary ones takes its place, and a
    warning says so.

    Raises:
        InputFileError: the pack itself is damaged.
        OutputFileError: neither the cache nor the folder in its place can be written.
    """
    try:
        return _unpacked_in(cache_folder())
    except OutputFileError as error:
        spare = _spare_folder()
        if spare is None:
            raise
        try:
            target = _unpacked_in(spare)
        except OutputFileError:
            raise error from None
        _tell(f"{error.message}; they are in {spare} instead", error.where)
        return target


def _unpacked_in(cache: Path) -> Path:
    target = cache / f"geant4-em-tables-{CONTENT_SHA256[:16]}"
    if not is_whole(target):
        pack = existing_file(Path(str(files("caloexport") / "data" / PACK)), "pack of tables")
        if sha256_of(pack) != PACK_SHA256:
            message = f"its sha256 is {sha256_of(pack)}, expected {PACK_SHA256}"
            raise InputFileError(message, where=str(pack), hint="install caloexport again")
        _unpack_to(pack, target)
    return target


def _spare_folder() -> Path | None:
    """Make a folder in the temporary directory; None unless it is this user's and nobody else's.

    Others may make files there too: what they put under the name is not used.
    """
    folder = Path(tempfile.gettempdir()) / f"caloexport-{os.geteuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()  # a link is not followed
    except OSError:
        return None
    private = stat.S_ISDIR(status.st_mode) and not stat.S_IMODE(status.st_mode) & 0o077
    return folder if private and status.st_uid == os.geteuid() else None


@functools.cache
def _tell(text: str, where: str | None) -> None:
    """Warn, once in a process."""
    log.warning("%s: %s", where, text)


def cache_folder() -> Path:
    """Return caloexport's folder for what can be made again; it need not exist.

    Below ``XDG_CACHE_HOME``, or where the system keeps caches.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    if given:
        return Path(given) / "caloexport"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "caloexport"
    return Path.home() / ".cache" / "caloexport"


def is_whole(folder: Path) -> bool:
    """Say whether a folder holds exactly what the pack holds."""
    try:
        return folder.is_dir() and content_sha256(folder) == CONTENT_SHA256
    except OSError:  # another process is moving it away, or it cannot be read
        return False


def content_sha256(folder: Path) -> str:
    """Hash names and contents of everything below a folder, in order of the names."""
    digest = hashlib.sha256()
    named = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*"))
    for name, path in named:
        content = b"folder" if path.is_dir() else path.read_bytes()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


@functools.cache
def elements_with_tables(folder: Path) -> frozenset[int]:
    """Return the atomic numbers of which a folder of data sets has tables."""
    spectra = (folder / TABLES / "brem_SB").glob("br*")
    numbers = (path.name.removeprefix("br") for path in spectra)
    return frozenset(int(number) for number in numbers if number.isdecimal())


def _unpack_to(pack: Path, target: Path) -> None:
    """Unpack beside the target and rename: other processes see all or nothing."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shelf = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        fresh = shelf / "fresh"
        fresh.mkdir()
        extract(pack, fresh)
        if content_sha256(fresh) != CONTENT_SHA256:
            message = f"holds other tables than this version of caloexport expects ({PACK})"
            raise InputFileError(message, where=str(pack), hint="install caloexport again")
        _move_in(fresh, target, shelf)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(shelf, ignore_errors=True)


def _move_in(fresh: Path, target: Path, shelf: Path) -> None:
    """Rename to the target; what is damaged there moves to the shelf, what is whole stays."""
    for attempt in range(ATTEMPTS):
        try:
            fresh.rename(target)
            return
        except OSError as error:
            in_the_way = error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
            if not in_the_way or attempt == ATTEMPTS - 1:
                raise
        if is_whole(target):  # another process was faster
            return
        with contextlib.suppress(FileNotFoundError):
            target.rename(shelf / f"damaged-{attempt}")


def extract(pack: Path, folder: Path) -> None:
    """Unpack a ``tar.xz`` of plain files and folders into a folder.

    Raises:
        InputFileError: not such a file, a link or device in it, a name that leaves the folder,
            or more than the tables could be.
    """
    try:
        with tarfile.open(pack, "r:xz") as archive:
            names, total = 0, 0
            for member in archive:
                names, total = names + 1, total + member.size
                _refuse_odd(member, names, total, pack)
                place = folder / member.name
                if member.isdir():
                    place.mkdir(parents=True, exist_ok=True)
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                stream = archive.extractfile(member)
                assert stream is not None
                place.write_bytes(stream.read())
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        message = f"is not a whole pack of tables: {error!s:.100}"
        raise InputFileError(message, where=str(pack), hint="install caloexport again") from error


def _refuse_odd(member: tarfile.TarInfo, names: int, total: int, pack: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
        message = f"holds '{member.name:.80}', expected plain files below one folder"
    elif names > MAX_MEMBERS or total > MAX_BYTES:
        message = f"unpacks to over {MAX_MEMBERS} files or {MAX_BYTES} bytes"
    else:
        return
    raise InputFileError(message, where=str(pack), hint="install caloexport again")


def _cannot_write(target: Path, error: OSError) -> OutputFileError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "free space" if full else "set XDG_CACHE_HOME to a folder that can be written"
    message = f"Geant4's tables cannot be unpacked: {error.strerror or error}"
    return OutputFileError(message, where=str(target), hint=hint)
