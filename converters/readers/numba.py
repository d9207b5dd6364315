"""Our own artifact, as the target ``numba`` writes it."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.artifact import load
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.packing import weights_hash


class NumbaReader(Reader):
    """A .safetensors with manifest and test vectors."""

    summary = "a .safetensors of caloexport"

    def recognises(self, path: Path, start: bytes) -> bool:
        return start[8:9] == b"{" and int.from_bytes(start[:8], "little") < 2**32

    def read(self, path: Path, choices: Choices) -> Generator:
        generator = load(path, backend="numpy")
        # what is made from a damaged file would prove the damage
        if weights_hash(generator.network) != generator.manifest.weights_sha256:
            message = "its weights were changed after the export"
            raise InputFileError(message, where=str(path), hint="convert the model again")
        return generator


readers.register("numba")(NumbaReader())
