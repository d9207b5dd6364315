"""Damaged ROOT files: messages that name the file, and limits on what is believed of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from caloexport.runtime.errors import CaloexportError, InputFileError

#: trees, histograms and streamers; real ones take some hundred kilobytes
MAX_OBJECT_BYTES = 2**26
#: a basket is inflated as a whole; ROOT makes them of some tens of kilobytes to megabytes
MAX_BASKET_BYTES = 2**28
MAX_KEYS = 4096
MAX_TREES = 64
MAX_BRANCHES = 4096


@contextlib.contextmanager
def damage_named(where: str) -> Iterator[None]:
    """Turn whatever uproot raises while it reads into a message that names the file.

    Raises:
        InputFileError: instead of uproot's errors.
    """
    try:
        yield
    except CaloexportError:
        raise
    # uproot follows the bytes wherever they lead: there is no list of what can come out of that
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"is a damaged ROOT file: {printable(reason):.120}"
        raise InputFileError(message, where=where, hint="copy or download it again") from error


def printable(text: object) -> str:
    """Return text of a file in characters that any terminal takes.

    >>> print(printable("\u0444"))
    \\u0444
    """
    return ascii(str(text))[1:-1]


def damaged(where: str, message: str) -> InputFileError:
    """Return the error for a file whose content contradicts itself."""
    return InputFileError(message, where=where, hint="the file is damaged: copy it again")
