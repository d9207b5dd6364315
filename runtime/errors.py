"""The errors of caloexport, each with the exit code that the command line gives for it.

    CaloexportError
    ├── AnswerIsNo           1  verification, budget, shift or validation failed
    ├── UsageError           2  the call is wrong: a unit, a name, a range
    │   ├── UnknownName      2  no such layer, target, backend, ... (lists the nearest)
    │   └── OutOfRange       2  a condition outside the range it was trained on
    ├── InputFileError       3  a file is missing, damaged, or not what it claims to be
    ├── OutputFileError      3  a file cannot be written (disk full, no permission)
    ├── UnsupportedError     4  the target cannot express this network
    └── MissingDependency    5  an optional library or tool is absent

Every message says what is wrong, where (file, layer, index), what was expected and what was
found; ``hint`` says what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class CaloexportError(Exception):
    """Base of every error that caloexport raises on purpose.

    Args:
        message: one sentence: what is wrong, expected against found.
        where: file, layer or index the message is about.
        hint: what to do next.

    >>> error = InputFileError("not an HDF5 file", where="a.h5", hint="download it again")
    >>> print(error)
    a.h5: not an HDF5 file (download it again)
    """

    exit_code = 1
    code = "error"

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        # between processes: the subclasses' constructors take other arguments than the message
        return _restore, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text


def _restore(
    kind: type[CaloexportError], args: tuple[Any, ...], state: dict[str, Any]
) -> CaloexportError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class AnswerIsNo(CaloexportError):
    """A check ran to its end and failed: verification, budget, shift or validation."""

    exit_code = 1
    code = "answer-is-no"


class UsageError(CaloexportError):
    """The call itself is wrong."""

    exit_code = 2
    code = "usage"


class UnknownName(UsageError):
    """A name that no registry entry, layer or condition carries; lists the nearest ones.

    >>> print(UnknownName("backend", "nunba", ["numpy", "numba"]))
    unknown backend 'nunba' (did you mean 'numba'? known: numba, numpy)
    """

    code = "unknown-name"

    def __init__(
        self, noun: str, name: str, known: Iterable[str], *, where: str | None = None
    ) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        guess = f"did you mean '{near[0]}'? " if near else ""
        listing = ", ".join(names) if names else "none"
        super().__init__(f"unknown {noun} '{name}'", where=where, hint=f"{guess}known: {listing}")


class OutOfRange(UsageError):
    """A condition outside the range that the generator was trained on."""

    code = "out-of-range"


class InputFileError(CaloexportError):
    """A file is missing, damaged, or not what it claims to be."""

    exit_code = 3
    code = "bad-input-file"


class OutputFileError(CaloexportError):
    """A file cannot be written."""

    exit_code = 3
    code = "cannot-write"


class UnsupportedError(CaloexportError):
    """The target cannot express this network; the hint names the targets that can."""

    exit_code = 4
    code = "unsupported"


class MissingDependency(CaloexportError):
    """An optional library or tool is absent; the hint is the exact line that installs it.

    >>> print(MissingDependency("onnxruntime", extra="onnx"))
    onnxruntime is not installed (pip install 'caloexport[onnx]')
    """

    exit_code = 5
    code = "missing-dependency"

    def __init__(self, library: str, *, extra: str | None = None, hint: str | None = None) -> None:
        line = f"pip install 'caloexport[{extra}]'" if extra else hint
        super().__init__(f"{library} is not installed", hint=line)
