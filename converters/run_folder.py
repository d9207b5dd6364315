"""The run folder that a training leaves: a decoder and what its inputs and outputs mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.converters.json_object import parse_json
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import mapping, text
from caloexport.runtime.files import existing_file, refuse_to_replace
from caloexport.runtime.manifest import Sampling, sampling_from_json

SCHEMA = "caloexport.run/1"
MANIFEST = "manifest.json"
LARGEST = 32_000_000  # bytes of a manifest


@dataclass(frozen=True)
class Run:
    """What the manifest of a run says.

    Attributes:
        decoder: the Keras file, in the same folder.
        sampling: the physics around it; None when the run does not tell.
        name: of the generator.
        provenance: of the training.
    """

    decoder: Path
    sampling: Sampling | None
    name: str
    provenance: dict[str, Any]


def read_run(folder: Path) -> Run:
    """Read the manifest of a run folder.

    Raises:
        InputFileError: no manifest, another schema, a field that is missing or wrong, or a
            decoder outside the folder.
    """
    path = existing_file(folder / MANIFEST, "manifest of a run")
    where = str(path)
    if path.stat().st_size > LARGEST:
        message = f"has {path.stat().st_size} bytes, more than any manifest"
        raise InputFileError(message, where=where)
    data = parse_json(path.read_bytes(), "the manifest", where)
    if data.get("schema") != SCHEMA:
        message = f"has the schema {data.get('schema')!r:.60}, expected '{SCHEMA}'"
        raise InputFileError(message, where=where, hint="written by another version of caloexport?")
    decoder = text(data, "decoder", where)
    if Path(decoder).name != decoder:
        message = f"names the decoder {decoder!r}, expected a file in the run folder itself"
        raise InputFileError(message, where=where)
    sampling = data.get("sampling")
    return Run(
        decoder=folder / decoder,
        sampling=None if sampling is None else sampling_from_json(sampling, where),
        name=text(data, "name", where),
        provenance=mapping(data, "provenance", where),
    )


def keep_model(model: Path, path: Path) -> None:
    """Check that writing ``path`` leaves a model, be it a file or a run folder, as it is.

    Raises:
        UsageError: it would be replaced.
    """
    for source in (model, *(model / name for name in (MANIFEST, "decoder.keras", "decoder.h5"))):
        if source.is_file():
            refuse_to_replace(source, path)
