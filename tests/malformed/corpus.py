"""The malformed files, format by format: made by a script, so nothing of them is stored."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from tests.malformed import keras_archive, keras_hdf5, safetensors
from tests.malformed.damage import Case

#: format -> the module that makes its files (LIBRARIES, cases)
FORMATS: dict[str, ModuleType] = {
    "keras archive": keras_archive,
    "keras hdf5": keras_hdf5,
    "safetensors": safetensors,
}


def corpus(name: str, folder: Path) -> list[Case]:
    """Write the malformed files of a format into a folder."""
    return list(FORMATS[name].cases(folder))
