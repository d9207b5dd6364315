"""The weights of a generated header: beside it, where it says, or inside."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from caloexport.converters.cpp.mark import read_mark
from caloexport.converters.cpp.words import read_words
from caloexport.runtime.errors import InputFileError


@contextlib.contextmanager
def weights_of(header: Path) -> Iterator[Path]:
    """Give the weights file of a header; that of a header with weights inside is temporary.

    What is mapped from a temporary file stays readable after the file is gone.

    Raises:
        InputFileError: no header of ours, or its weights are missing.
    """
    found = read_mark(header)
    if found.weights is None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{header.stem}.safetensors"
            path.write_bytes(read_words(header, found.n_bytes))
            yield path
        return
    yield beside(header, found.weights)


def beside(header: Path, recorded: str) -> Path:
    """Return the weights file of a header: beside it, else where it was written.

    Raises:
        InputFileError: it is in neither place.
    """
    places = header.with_name(Path(recorded).name), header.parent / recorded
    for place in places:
        if place.is_file():
            return place
    message = f"its weights file is missing: {places[0]}"
    raise InputFileError(message, where=str(header), hint="keep the two files together")
