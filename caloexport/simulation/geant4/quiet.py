"""Keep what Geant4 prints off the standard output, which workers talk through."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Drop what is written to the standard output meanwhile, by Python and by C++.

    Geant4's banner and warnings go through Python's sys.stdout or, from static objects, straight
    to the file descriptor; its fatal errors go to the standard error, which stays.
    """
    sys.stdout.flush()
    library = ctypes.CDLL(None)
    library.fflush(None)
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        library.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
