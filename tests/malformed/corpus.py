"""The malformed files, format by format: made by a script, so nothing of them is stored."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from caloexport.converters.readers import Choices
from tests.malformed import (
    architecture_pair,
    keras_archive,
    keras_hdf5,
    lwtnn_json,
    onnx_protobuf,
    safetensors,
    saved_model,
)
from tests.malformed.damage import Case

#: files that fuzzing has found: FORMAT-DEFECT.SUFFIX
FOUND = Path(__file__).with_name("found")
#: format -> the module that makes its files (LIBRARIES, cases)
FORMATS: dict[str, ModuleType] = {
    "architecture pair": architecture_pair,
    "keras archive": keras_archive,
    "keras hdf5": keras_hdf5,
    "lwtnn": lwtnn_json,
    "onnx": onnx_protobuf,
    "safetensors": safetensors,
    "savedmodel": saved_model,
}


def good_files(name: str, folder: Path) -> Choices:
    """Write undamaged files of a format into a folder; return what belongs to them."""
    return FORMATS[name].good(folder)


def put(name: str, path: Path, content: bytes) -> None:
    """Put fuzzed content where the reader of a format finds it: in a file, or one of a folder."""
    if hasattr(FORMATS[name], "put"):
        FORMATS[name].put(path, content)
    else:
        path.write_bytes(content)


def corpus(name: str, folder: Path) -> list[Case]:
    """Write the malformed files of a format into a folder; add those that fuzzing has found."""
    found = FOUND.glob(f"{FORMATS[name].__name__.rpartition('.')[2]}-*")
    return [*FORMATS[name].cases(folder), *(Case(path.stem, path) for path in sorted(found))]
