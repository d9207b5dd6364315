"""Where a search keeps its trials: a journal file, or a database named by a URL."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import (
    CaloexportError,
    InputFileError,
    MissingDependency,
    OutputFileError,
    UsageError,
)
from caloexport.runtime.extras import require

JOURNAL = "journal.log"
#: bytes of a journal's first line, which names a study, at most
LONGEST = 1 << 16
#: what a database URL may hold secrets under, behind its question mark
SECRET = re.compile(r"([?&][^=&]*(?:pass|pwd|token|secret|key)[^=&]*=)[^&]*", re.IGNORECASE)


def is_url(storage: str) -> bool:
    """Say whether a storage is a database rather than a file.

    >>> is_url("sqlite:///trials.db"), is_url("trials.log")
    (True, False)
    """
    return "://" in storage


def shown(storage: str) -> str:
    """Return a storage as it may be shown and kept: without passwords.

    >>> shown("postgresql://me:hush@host/trials?sslmode=require&sslpassword=hush")
    'postgresql://me:***@host/trials?sslmode=require&sslpassword=***'
    """
    if not is_url(storage):
        return storage
    scheme, _, rest = storage.partition("://")
    people, at, place = rest.rpartition("@")
    user, colon, _ = people.partition(":")
    hidden = f"{scheme}://{user}{':***' if colon else ''}{at}{place}"
    return SECRET.sub(r"\1***", hidden)


def open_storage(storage: str | None, folder: Path) -> Any:
    """Open a storage of Optuna, making it where it is missing.

    Args:
        storage: file, or database URL; None is a journal in ``folder``, which nobody else uses.
        folder: of the search, held by this process.

    Raises:
        MissingDependency: Optuna, or the driver of the database, is absent.
        UsageError: not a URL of a database.
        InputFileError: it cannot be opened, or is damaged.
    """
    require("optuna", extra="tune")
    if storage is not None and is_url(storage):
        return _database(storage)
    path = Path(storage) if storage is not None else folder / JOURNAL
    if storage is None:
        mend(path)
    return _journal(path)


def _journal(path: Path) -> Any:
    import optuna.storages.journal

    try:
        _require_journal(path)
        backend = optuna.storages.journal.JournalFileBackend(str(path))
        return optuna.storages.JournalStorage(backend)
    except OSError as error:
        message = f"cannot be opened: {error.strerror or error}"
        raise InputFileError(message, where=str(path)) from error
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        message = f"is not a whole journal of Optuna: {error!r:.100}"
        raise InputFileError(message, where=str(path)) from error


def _require_journal(path: Path) -> None:
    """Refuse a file that does not begin as a journal; one that is empty or not there may become one.

    Optuna takes a single line of anything for the torn end of a journal, and appends to it.
    """
    if not path.exists():
        return
    begin = b""
    if path.is_file():  # opening a pipe would wait for its other end
        with path.open("rb") as file:
            begin = file.readline(LONGEST)
        if not begin:
            return
    try:
        entry = json.loads(begin)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or "op_code" not in entry:
        message = "is no journal of Optuna's trials"
        hint = "name the file that the search began with, or one that does not exist yet"
        raise InputFileError(message, where=str(path), hint=hint)


def mend(path: Path) -> None:
    """Cut off what a kill left half-written at the end of a journal, and its writer's lock."""
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    if not path.exists():
        return
    with path.open("r+b") as file:
        content = file.read()
        if not content.endswith(b"\n"):
            file.truncate(content.rfind(b"\n") + 1)


def _database(url: str) -> Any:
    import optuna
    import sqlalchemy.exc

    where = shown(url)
    try:
        return optuna.storages.RDBStorage(url)
    except sqlalchemy.exc.ArgumentError:
        message = "is not the URL of a database"
        raise UsageError(
            message, where=where, hint="write it as sqlite:///FILE or postgresql://…"
        ) from None
    except ImportError as error:
        library = error.name or sqlalchemy.make_url(url).get_driver_name()
        raise MissingDependency(library, hint=f"pip install {library}") from None
    except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.OptunaError) as error:
        message = f"cannot be opened: {_reason(error, url)}"
        raise InputFileError(message, where=where) from None


@contextlib.contextmanager
def storage_failures(storage: str | None) -> Iterator[None]:
    """Tell of a storage that fails in the middle of a search, without its password."""
    import optuna
    import sqlalchemy.exc

    where = shown(storage) if storage else JOURNAL
    try:
        yield
    except CaloexportError:
        raise
    except (sqlalchemy.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        message = f"does not take trials any more: {_reason(error, storage or '')}"
        hint = "go on with --resume when it does again"
        raise OutputFileError(message, where=where, hint=hint) from None


def _reason(error: BaseException, url: str) -> str:
    """Return the first line of an error of a database; its password is blotted out."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = reason[0] if reason else type(error).__name__
    return text.replace(url, shown(url)) if url else text
