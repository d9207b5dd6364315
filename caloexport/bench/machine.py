"""The machine that figures belong to."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from caloexport import __version__

LIBRARIES = (
    "numpy", "numba", "llvmlite", "onnxruntime", "tensorflow", "tensorflow-cpu", "ai-edge-litert",
    "openvino", "torch", "ncnn",
)  # fmt: skip


def describe_machine() -> dict[str, Any]:
    """Return processor, system and versions as JSON."""
    return {
        "cpu": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "caloexport": __version__,
        "libraries": installed_versions(),
    }


def processor() -> str:
    """Return the name of the processor."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def installed_versions() -> dict[str, str]:
    """Return the versions of the libraries that take part."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
