"""Open any model: the content decides what it is, the suffix does not matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.keras_files.read import KerasModel, is_zip, read_keras_model
from caloexport.converters.run_folder import MANIFEST, read_run
from caloexport.converters.targets import targets
from caloexport.runtime.artifact import load
from caloexport.runtime.consistency import check_fit
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import existing_file, sha256_of
from caloexport.runtime.generator import Generator
from caloexport.runtime.packing import weights_hash

ACCEPTED = "accepted: a .keras or .h5 file of Keras, a run folder, a .safetensors of caloexport"
HDF5 = b"\x89HDF\r\n\x1a\n"

#: first bytes of what people mistake for a model -> what it is
KNOWN = {
    b"\x80": "a Python pickle, which could run code",
    b"\x1f\x8b": "a gzip archive",
    b"\x93NUMPY": "a numpy array",
    b"root": "a ROOT file",
    b"%PDF": "a PDF document",
    b"{": "a JSON text",
    b"[": "a JSON text",
}


def open_model(path: str | Path, *, backend: str | None = None) -> Generator:
    """Open a Keras file, a run folder or an artifact of ours.

    Args:
        path: the file or folder.
        backend: ``"numpy"`` or ``"numba"`` for sampling; None takes numba if it is installed.

    Returns:
        a generator; that of a Keras file is a bare network, as such a file does not tell what its
        inputs and outputs mean.

    Raises:
        InputFileError: it is missing, damaged, or of no format that can be read.
        UnsupportedError: a layer that networks cannot express, or a format that is written only.
    """
    path = Path(path)
    if path.is_dir():
        return _open_folder(path).using(backend)
    start = _start_of(path)
    if start.startswith(HDF5) or is_zip(path):
        model = read_keras_model(path)
        return Generator.from_network(
            model.network, name=path.name.split(".")[0], provenance=_origin(path, model)
        ).using(backend)
    if _is_safetensors(start):
        return _with_its_weights(load(path, backend=backend), path)
    raise _not_a_model(path, start)


def _with_its_weights(generator: Generator, path: Path) -> Generator:
    """Check the hash of the weights: what is made from a damaged file would prove the damage."""
    if weights_hash(generator.network) != generator.manifest.weights_sha256:
        message = "its weights were changed after the export"
        raise InputFileError(message, where=str(path), hint="convert the model again")
    return generator


def _open_folder(folder: Path) -> Generator:
    if not (folder / MANIFEST).exists():
        raise _not_a_model(folder, b"")
    run = read_run(folder)
    model = read_keras_model(run.decoder)
    if run.sampling is not None:
        with blame_file(str(folder)):
            check_fit(run.sampling, model.network)
    return Generator.from_network(
        model.network,
        run.sampling,
        name=run.name,
        provenance={**run.provenance, **_origin(run.decoder, model)},
    )


def _origin(path: Path, model: KerasModel) -> dict[str, Any]:
    return {
        "source": path.name,
        "source_sha256": sha256_of(path),
        "keras_version": model.keras_version,
    }


def _start_of(path: Path) -> bytes:
    with existing_file(path, "model").open("rb") as stream:
        return stream.read(4096)


def _is_safetensors(start: bytes) -> bool:
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") < 2**32


def _not_a_model(path: Path, start: bytes) -> InputFileError | UnsupportedError:
    for name in targets:
        if targets[name].recognises(path):
            message = f"is a file of the target '{name}', which is written and verified only"
            hint = "convert the model that it was made from; caloexport verify replays it"
            return UnsupportedError(message, where=str(path), hint=hint)
    what = "a folder without a manifest.json" if path.is_dir() else _described(start)
    message = f"is not a model: it is {what}"
    return InputFileError(message, where=str(path), hint=ACCEPTED)


def _described(start: bytes) -> str:
    stripped = start.lstrip()
    for magic, what in KNOWN.items():
        if stripped.startswith(magic):
            return what
    printable = all(byte >= 32 or byte in b"\t\n\r" for byte in start[:64])
    return "a text" if printable else f"something that begins with {start[:8].hex(' ')}"
