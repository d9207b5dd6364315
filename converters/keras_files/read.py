"""Read a Keras model from a file."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from caloexport.converters.keras_files.archive import parse_json, read_archive
from caloexport.converters.keras_files.expansion import expand
from caloexport.converters.keras_files.hdf5 import Budget, member, text_attribute
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec, parse_model
from caloexport.converters.keras_files.named_weights import NamedWeights
from caloexport.converters.keras_files.numbered_weights import NumberedWeights
from caloexport.runtime.errors import CaloexportError, InputFileError
from caloexport.runtime.files import existing_file
from caloexport.runtime.network import Network

#: what damaged content makes the libraries and the parser raise
DAMAGE = (
    OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError,
    OverflowError, EOFError, NotImplementedError, MemoryError,
    struct.error, zlib.error, zipfile.BadZipFile, json.JSONDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class KerasModel:
    """A model read from a file.

    Attributes:
        name: of the model.
        network: the network.
        keras_version: that wrote the file; None when it does not say.
        format: ``"keras"`` or ``"h5"``.
    """

    name: str
    network: Network
    keras_version: str | None
    format: str


def read_keras(path: str | Path, steps: int | None = None) -> Network:
    """Return the network of a ``.keras`` or ``.h5`` file.

    Arguments and errors are those of :func:`read_keras_model`.
    """
    return read_keras_model(path, steps).network


def read_keras_model(path: str | Path, steps: int | None = None) -> KerasModel:
    """Read a Sequential or Functional model that Keras 2 or 3 saved, without Keras.

    Args:
        path: ``.keras`` or a full-model ``.h5``; the content decides, not the suffix.
        steps: number of steps of sequence inputs that leave it open.

    Raises:
        InputFileError: missing, damaged, without a model, or with weights that are not finite.
        UnsupportedError: a layer that networks cannot express; names it and its place.
    """
    path = Path(path)
    where = str(existing_file(path, "Keras file"))
    with _damage_reported(where):
        model = _from_archive(path, steps) if is_zip(path) else _from_hdf5(path, steps)
    model.network.require_finite(where)
    return model


def is_zip(path: Path) -> bool:
    """Say whether a file begins like a zip archive, be it whole or truncated."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


@contextmanager
def _damage_reported(where: str) -> Iterator[None]:
    try:
        yield
    except CaloexportError as error:
        if error.where is None:
            error.where = where
        raise
    except DAMAGE as error:
        message = f"is a damaged Keras file: {type(error).__name__}: {error!s:.120}"
        raise InputFileError(message, where=where, hint="truncated? save it again") from error


def _from_archive(path: Path, steps: int | None) -> KerasModel:
    archive, where = read_archive(path), str(path)
    spec = parse_model(archive.config, where)
    budget = Budget(archive.weights.getbuffer().nbytes, where)
    with _hdf5(archive.weights, where) as root:

        def locate(layer_path: Sequence[tuple[ModelSpec, LayerSpec]]) -> NumberedWeights:
            return NumberedWeights(root, layer_path, budget)

        network = expand(spec, locate, _major(archive.version), where, steps)
    return KerasModel(spec.name, network, archive.version, "keras")


def _from_hdf5(path: Path, steps: int | None) -> KerasModel:
    where, budget = str(path), Budget(path.stat().st_size, str(path))
    with path.open("rb") as stream, _hdf5(stream, where) as root:
        content = text_attribute(root, "model_config")
        if content is None:
            raise _no_model(root, where)
        weights = member(root, "model_weights", where)
        version = text_attribute(root, "keras_version")
        if version is None and weights is not None:
            version = text_attribute(weights, "keras_version")
        spec = parse_model(parse_json(content, "model_config", where), where)

        def locate(layer_path: Sequence[tuple[ModelSpec, LayerSpec]]) -> NamedWeights:
            return NamedWeights(root, layer_path, budget)

        network = expand(spec, locate, _major(version), where, steps)
    return KerasModel(spec.name, network, version, "h5")


def _hdf5(stream: IO[bytes], where: str) -> Any:
    import h5py

    try:
        return h5py.File(stream, "r")
    except OSError as error:
        message = "is not a readable Keras file (neither zip nor HDF5)"
        if "truncated file" in str(error):
            message = "is truncated: the HDF5 header promises more bytes than there are"
        raise InputFileError(message, where=where, hint="copy or save it again") from error


def _no_model(root: Any, where: str) -> InputFileError:
    names = list(root)
    if {"layers", "_layer_checkpoint_dependencies", "top_level_model_weights"} & set(names):
        message = "holds weights alone, the network's graph is missing"
        return InputFileError(message, where=where, hint="use model.save, not model.save_weights")
    found = ", ".join(names[:5]) or "nothing"
    message = f"is an HDF5 file without a Keras model (it holds {found})"
    return InputFileError(message, where=where, hint="expected a .keras or .h5 file of model.save")


def _major(version: str | None) -> int | None:
    first = (version or "").partition(".")[0]
    return int(first) if first.isdecimal() else None
