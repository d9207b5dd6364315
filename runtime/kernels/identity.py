"""What an object file of kernels depends on: the sources, the compiler and the machine."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from pathlib import Path

from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.kernels.target import host_target

RUNTIME = Path(__file__).parent.parent
#: modules beside the kernels whose numbers become constants in them
CONSTANTS = ("noise.py", "philox.py", "packing.py", "quantised_product.py", "activations/selu.py")


def identity() -> dict[str, str]:
    """Return what must be the same for an object file to be the right one."""
    target = host_target()
    return {
        "source": source_hash(),
        "python": platform.python_version(),
        "numba": importlib.metadata.version("numba"),
        "llvmlite": importlib.metadata.version("llvmlite"),
        "level": LEVEL,
        "triple": target.triple,
        "cpu": target.cpu,
        "features": target.features,
    }


def source_hash() -> str:
    """Return the hash of all that is compiled."""
    digest = hashlib.sha256()
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    for source in (*sources, *(RUNTIME / name for name in CONSTANTS)):
        digest.update(source.read_bytes())
    return digest.hexdigest()
