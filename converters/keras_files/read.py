"""Read a Keras model from a file, or from an architecture and a file of weights."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from caloexport.converters.json_object import parse_json, read_json_object
from caloexport.converters.keras_files import keras_1
from caloexport.converters.keras_files.archive import (
    CONFIG,
    METADATA,
    WEIGHTS,
    read_archive,
    read_archived_configuration,
)
from caloexport.converters.keras_files.expansion import expand
from caloexport.converters.keras_files.hdf5 import Budget, member, text_attribute
from caloexport.converters.keras_files.masks import without_masks
from caloexport.converters.keras_files.model_config import parse_model
from caloexport.converters.keras_files.version import major_version
from caloexport.converters.keras_files.weights_layout import is_named, is_numbered, locator_of
from caloexport.runtime.errors import CaloexportError, InputFileError
from caloexport.runtime.files import existing_file
from caloexport.runtime.network import Network

#: what damaged content makes the libraries and the parser raise
DAMAGE = (
    OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError,
    ArithmeticError, EOFError, NotImplementedError, MemoryError,
    struct.error, zlib.error, zipfile.BadZipFile, json.JSONDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class KerasModel:
    """A model read from a file.

    Attributes:
        name: of the model.
        network: the network.
        keras_version: that wrote the file; None when it does not say.
        format: ``"keras"``, ``"h5"`` or ``"json"``.
        unmasked: whether it hides steps in Keras, which the network does not.
        outputs: names of the layers that the network's outputs are of.
    """

    name: str
    network: Network
    keras_version: str | None
    format: str
    unmasked: bool = False
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sequences:
    """What the user says about sequences: their number of steps, and that all are real."""

    steps: int | None
    all_real: bool


def read_keras(path: str | Path, steps: int | None = None) -> Network:
    """Return the network of a ``.keras`` or ``.h5`` file.

    Arguments and errors are those of :func:`read_keras_model`.
    """
    return read_keras_model(path, steps).network


def read_keras_model(
    path: str | Path, steps: int | None = None, *, all_steps_real: bool = False
) -> KerasModel:
    """Read a Sequential or Functional model that Keras 1, 2 or 3 saved, without Keras.

    Args:
        path: ``.keras`` or a full-model ``.h5``; the content decides, not the suffix.
        steps: of sequence inputs; None takes those of the file.
        all_steps_real: leave out masks, as no step will have to be hidden.

    Raises:
        InputFileError: missing, damaged, without a model, or with weights that are not finite.
        UnsupportedError: a layer that networks cannot express; names it and its place.
    """
    path = Path(path)
    where, sequences = str(existing_file(path, "Keras file")), _Sequences(steps, all_steps_real)
    with _damage_reported(where):
        model = _from_archive(path, sequences) if is_zip(path) else _from_hdf5(path, sequences)
    model.network.require_finite(where)
    return model


def read_keras_architecture(
    path: str | Path,
    weights: str | Path,
    steps: int | None = None,
    *,
    all_steps_real: bool = False,
) -> KerasModel:
    """Read a model that comes as two files, without Keras.

    Args:
        path: the text of ``model.to_json()``, or the config.json of a ``.keras`` file.
        weights: what ``model.save_weights`` or ``model.save`` wrote as HDF5.
        steps: of sequence inputs; None takes those of the file.
        all_steps_real: leave out masks, as no step will have to be hidden.

    Raises:
        InputFileError: one is missing or damaged, or they do not belong together.
        UnsupportedError: a layer that networks cannot express; names it and its place.
    """
    path, weights = Path(path), Path(weights)
    config = read_json_object(path, "the architecture")
    return _with_weights(path, config, weights, _Sequences(steps, all_steps_real))


def read_keras_folder(
    folder: Path, steps: int | None = None, *, all_steps_real: bool = False
) -> KerasModel:
    """Read what ``model.save(folder, zipped=False)`` of Keras 3 wrote, without Keras.

    Arguments and errors are those of :func:`read_keras_model`.
    """
    path = folder / CONFIG
    config = read_json_object(path, "the architecture")
    if (folder / METADATA).exists():
        metadata = read_json_object(folder / METADATA, "the metadata")
        config = {"keras_version": metadata.get("keras_version"), **config}
    return _with_weights(path, config, folder / WEIGHTS, _Sequences(steps, all_steps_real))


def read_configuration(path: Path) -> dict[str, Any]:
    """Return the configuration of the model in a ``.keras`` or ``.h5`` file, without weights.

    Raises:
        InputFileError: missing, damaged or without a model.
    """
    where = str(existing_file(path, "Keras file"))
    with _damage_reported(where):
        if is_zip(path):
            return read_archived_configuration(path)
        with path.open("rb") as stream, _hdf5(stream, where) as root:
            return _configuration(root, where)


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


def _from_archive(path: Path, sequences: _Sequences) -> KerasModel:
    archive, where = read_archive(path), str(path)
    budget = Budget(archive.weights.getbuffer().nbytes, where)
    with _hdf5(archive.weights, where) as root:
        return _model("keras", archive.config, archive.version, root, budget, where, sequences)


def _from_hdf5(path: Path, sequences: _Sequences) -> KerasModel:
    where, budget = str(path), Budget(path.stat().st_size, str(path))
    with path.open("rb") as stream, _hdf5(stream, where) as root:
        config = _configuration(root, where)
        return _model("h5", config, _version_of(root), root, budget, where, sequences)


def _configuration(root: Any, where: str) -> dict[str, Any]:
    content = text_attribute(root, "model_config")
    if content is None:
        raise _no_model(root, where)
    return parse_json(content, "model_config", where)


def _with_weights(
    path: Path, config: dict[str, Any], weights: Path, sequences: _Sequences
) -> KerasModel:
    existing_file(weights, "file of weights")
    budget = Budget(weights.stat().st_size, str(weights))
    if is_zip(weights):
        message = "is a .keras archive, which holds its own architecture"
        hint = "convert it alone, without --weights"
        raise InputFileError(message, where=str(weights), hint=hint)
    with (
        _damage_reported(str(weights)),
        weights.open("rb") as stream,
        _hdf5(stream, str(weights)) as root,
    ):
        said = config.get("keras_version")
        version = said if isinstance(said, str) else _version_of(root)
        model = _model("json", config, version, root, budget, str(path), sequences)
    model.network.require_finite(str(weights))
    return model


def _model(
    form: str,
    config: dict[str, Any],
    version: str | None,
    root: Any,
    budget: Budget,
    where: str,
    sequences: _Sequences,
) -> KerasModel:
    """Put configuration and weights together."""
    major, unmasked = major_version(version, config), False
    locate = locator_of(root, budget, major)
    if sequences.all_real:
        config, unmasked = without_masks(config)
    if major == 1:
        config, major = keras_1.modernised(config, where), 2
    spec = parse_model(config, where)
    network = expand(spec, locate, major, where, sequences.steps)
    outputs = tuple(reference.layer for reference in spec.outputs)
    return KerasModel(spec.name, network, version, form, unmasked, outputs)


def _version_of(root: Any) -> str | None:
    """Return the version that an HDF5 file carries."""
    version = text_attribute(root, "keras_version")
    weights = member(root, "model_weights", root.name)
    if version is None and weights is not None:
        version = text_attribute(weights, "keras_version")
    return version


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
    if is_named(root) or is_numbered(root):
        message = "holds weights alone, the network's graph is missing"
        hint = (
            "give the architecture (model.to_json()) as the model and this file as --weights, "
            "or save all of it with model.save"
        )
        return InputFileError(message, where=where, hint=hint)
    found = ", ".join(list(root)[:5]) or "nothing"
    message = f"is an HDF5 file without a Keras model (it holds {found})"
    return InputFileError(message, where=where, hint="expected a .keras or .h5 file of model.save")
