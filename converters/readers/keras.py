"""A model that Keras 2 or 3 saved whole: ``.keras`` or ``.h5``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.keras_files.read import KerasModel, is_zip, read_keras_model
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator

HDF5 = b"\x89HDF\r\n\x1a\n"


class KerasReader(Reader):
    """Zip archive or HDF5 file of ``model.save``."""

    isolated = True
    libraries = ("h5py",)
    summary = "a .keras or .h5 file of Keras"

    def recognises(self, path: Path, start: bytes) -> bool:
        return start.startswith(HDF5) or (path.is_file() and is_zip(path))

    def read(self, path: Path, choices: Choices) -> Generator:
        model = read_keras_model(path, choices.steps)
        name = path.name.split(".")[0]
        return Generator.from_network(model.network, name=name, provenance=origin_of(path, model))


def origin_of(path: Path, model: KerasModel) -> dict[str, Any]:
    """Return where a network came from, for the provenance of a generator."""
    return {
        "source": path.name,
        "source_sha256": sha256_of(path),
        "keras_version": model.keras_version,
    }


readers.register("keras")(KerasReader())
