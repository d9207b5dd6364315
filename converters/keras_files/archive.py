"""The ``.keras`` archive: a zip of metadata.json, config.json and model.weights.h5."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.converters.json_object import LARGEST_JSON, parse_json
from caloexport.converters.keras_files.hdf5 import LARGEST, LARGEST_RATIO, SMALL
from caloexport.runtime.errors import InputFileError, UnsupportedError

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
MEMBERS = (METADATA, CONFIG, WEIGHTS)


@dataclass(frozen=True)
class Archive:
    """What a ``.keras`` file holds.

    Attributes:
        version: of the Keras that wrote it; None when it does not say.
        config: of the model.
        weights: the HDF5 file inside.
    """

    version: str | None
    config: dict[str, Any]
    weights: io.BytesIO


def read_archive(path: Path) -> Archive:
    """Read the three members of a ``.keras`` file.

    Raises:
        InputFileError: damaged, a zip of something else, or members of absurd size.
        UnsupportedError: weights in several files.
    """
    where = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _require_members(archive.namelist(), where)
            metadata = parse_json(_read(archive, METADATA, where), METADATA, where)
            config = parse_json(_read(archive, CONFIG, where), CONFIG, where)
            weights = io.BytesIO(_read(archive, WEIGHTS, where))
    except zipfile.BadZipFile as error:
        message = f"is a truncated or damaged zip archive ({error})"
        raise InputFileError(message, where=where, hint="copy or save it again") from error
    version = metadata.get("keras_version")
    return Archive(version if isinstance(version, str) else None, config, weights)


def read_archived_configuration(path: Path) -> dict[str, Any]:
    """Return the configuration in a ``.keras`` file, whose weights are left alone.

    Raises:
        InputFileError: damaged, a zip of something else, or of absurd size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return parse_json(_read(archive, CONFIG, str(path)), CONFIG, str(path))
    except (zipfile.BadZipFile, KeyError) as error:
        message = f"is no .keras archive with a {CONFIG} ({error})"
        raise InputFileError(message, where=str(path), hint="save it again") from error


def _require_members(names: list[str], where: str) -> None:
    missing = [name for name in MEMBERS if name not in names]
    if not missing:
        return
    if "model.weights.json" in names:
        message = "its weights are split over several files"
        raise UnsupportedError(message, where=where, hint="save the model without sharding")
    found = ", ".join(names[:3]) or "nothing"
    message = f"is a zip archive without {missing[0]}, so not a Keras model; it holds {found}"
    raise InputFileError(message, where=where)


def _read(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    entry = archive.getinfo(name)
    largest = min(LARGEST, LARGEST_RATIO * entry.compress_size + SMALL)
    if name.endswith(".json"):
        largest = min(largest, LARGEST_JSON)
    if entry.file_size > largest:
        message = (
            f"{name} claims {entry.file_size} bytes packed into {entry.compress_size}, which no "
            "model needs"
        )
        raise InputFileError(message, where=where, hint="the file is damaged or hostile")
    try:
        return archive.read(entry)
    except (RuntimeError, NotImplementedError) as error:  # encrypted; unknown compression
        message = f"{name} cannot be unpacked: {error}"
        raise InputFileError(message, where=where) from error
