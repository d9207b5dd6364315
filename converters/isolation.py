"""Read a file in a process of its own, whose time and memory are limited.

HDF5 and protocol buffers are read by C libraries that a damaged file can crash, hang or drive to
exhaust memory. So their readers run in a child process: whatever happens there is one clear error
here. The network comes back through a file of plain arrays and JSON; nothing is unpickled.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import caloexport.runtime.errors
from caloexport.converters.readers import Choices
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import CaloexportError, InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import manifest_from_text, network_from_json
from caloexport.runtime.network import Network
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors

CHILD = "caloexport.converters.isolated_reading"
HINT = "damaged? save or copy it again"


def read_isolated(reader: str, path: Path, choices: Choices) -> Generator:
    """Read a model by a reader that runs in a child process.

    Args:
        reader: name of the reader.
        path: the file or folder.
        choices: what the user adds.

    Raises:
        CaloexportError: what the reader raises there.
        InputFileError: reading crashed, or took more time or memory than such a file needs.
    """
    with tempfile.TemporaryDirectory(prefix="caloexport-") as folder:
        result = Path(folder) / "network.safetensors"
        given = asdict(choices)
        files = [path, *(value for value in given.values() if isinstance(value, Path))]
        request = {
            "reader": reader,
            "path": str(path.absolute()),
            "shown": {str(file.absolute()): str(file) for file in files},
            "result": str(result),
            "choices": {k: _plain(v) for k, v in given.items()},
        }
        # -P: nothing is imported from the folder that the user happens to stand in
        child = subprocess.run(
            [sys.executable, "-P", "-m", CHILD],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        _raise_error(child, str(path))
        return _load(result)


def _plain(value: Any) -> Any:
    return {"path": str(value.absolute())} if isinstance(value, Path) else value


def _raise_error(child: subprocess.CompletedProcess[str], where: str) -> None:
    if child.returncode < 0:
        name = signal.Signals(-child.returncode).name
        reason = f"the library that reads it crashed ({name})"
        if -child.returncode in (signal.SIGXCPU, signal.SIGKILL):
            reason = "reading it took far more time or memory than a file of its size needs"
        raise InputFileError(f"cannot be read: {reason}", where=where, hint=HINT)
    try:
        answer = json.loads(child.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        last = child.stderr.strip().splitlines()[-1:] or ["no reason given"]
        message = f"cannot be read: {last[0]:.200}"
        raise InputFileError(message, where=where, hint=HINT) from None
    if answer is not None:
        raise error_from_json(answer)


def error_to_json(error: CaloexportError) -> dict[str, Any]:
    """Return an error in a form that another process can raise again."""
    names = [kind.__name__ for kind in type(error).__mro__]
    return {"kinds": names, "message": error.message, "where": error.where, "hint": error.hint}


def error_from_json(data: dict[str, Any]) -> CaloexportError:
    """Return the error that another process raised, as the nearest class known here."""
    known = (getattr(caloexport.runtime.errors, name, None) for name in data["kinds"])
    kind: type[CaloexportError] = next((k for k in known if k is not None), CaloexportError)
    error = kind.__new__(kind, data["message"])
    error.message, error.where, error.hint = data["message"], data["where"], data["hint"]
    return error


def save(path: Path, generator: Generator) -> None:
    """Write a generator for :func:`read_isolated`: plain arrays in the order of the graph."""
    weights = [w for node in generator.network.nodes for _, w in sorted(node.weights.items())]
    arrays: dict[str, Array] = {str(k): weight for k, weight in enumerate(weights)}
    write_safetensors(path, arrays, {"manifest": generator.manifest.dumps()})


def _load(path: Path) -> Generator:
    arrays, metadata = read_safetensors(path)
    manifest = manifest_from_text(metadata["manifest"], str(path))
    places = [
        (node["name"], key) for node in manifest.network["nodes"] for key in sorted(node["weights"])
    ]
    # copies: the file goes with its folder
    weights = {place: arrays[str(k)].copy() for k, place in enumerate(places)}
    network: Network = network_from_json(manifest.network, weights, manifest.name)
    return Generator(manifest, lambda: network)
