"""What an object file of kernels depends on: the sources, the compiler and the machine."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import platform
from pathlib import Path

from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.kernels.target import host_target

RUNTIME = Path(__file__).parent.parent
#: modules beside the kernels whose numbers become constants in them
CONSTANTS = (
    "noise.py",
    "philox.py",
    "packing.py",
    "quantised_product.py",
    "readout_grid.py",
    "skipping.py",
    "activations/selu.py",
)


def identity() -> dict[str, str]:
    """Return what must be the same for an object file to be the right one."""
    target = host_target()
    return {
        "source": source_hash(),
        "python": platform.python_version(),
        "numba": version_of("numba"),
        "llvmlite": version_of("llvmlite"),
        "level": LEVEL,
        "triple": target.triple,
        "cpu": target.cpu,
        "features": target.features,
    }


def version_of(library: str) -> str:
    """Return a library's version, from its metadata if it has any, because importing is slow.

    >>> version_of("numpy").split(".")[0]
    '2'
    """
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:  # a stack of software without metadata
        return str(importlib.import_module(library).__version__)


def source_hash() -> str:
    """Return the hash of all that is compiled."""
    digest = hashlib.sha256()
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    for source in (*sources, *(RUNTIME / name for name in CONSTANTS)):
        digest.update(source.read_bytes())
    return digest.hexdigest()
