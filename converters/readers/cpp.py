"""A C++ header that we generated: what was compiled from it is in its weights."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.cpp.beside import weights_of
from caloexport.converters.cpp.mark import SCHEMA, read_mark
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator


class CppReader(Reader):
    """A header with its weights file, or with weights inside."""

    summary = "a C++ header of caloexport"

    def recognises(self, path: Path, start: bytes) -> bool:
        return SCHEMA.encode() in start

    def read(self, path: Path, choices: Choices) -> Generator:
        with weights_of(path) as weights:
            generator = readers["numba"].read(weights, choices)
        if generator.manifest.hash != read_mark(path).manifest_sha256:
            message = "its weights belong to another export: their manifest has another hash"
            raise InputFileError(message, where=str(path), hint="keep the two files together")
        return generator


readers.register("cpp")(CppReader())
