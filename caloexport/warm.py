"""Compile the kernels before they are needed: once per machine, not in the first job."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime import Generator, load
from caloexport.runtime.backends import CompiledExecutor, backends
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.vectors import spread


def warm(artifact: Path | None = None) -> dict[str, Any]:
    """Fill the cache of compiled kernels, and prove it with a shower.

    Args:
        artifact: is loaded and samples one shower, conditions in the middle of their ranges.

    Returns:
        where the kernels are kept, for which instructions, and what it took in seconds.

    Raises:
        MissingDependency: numba is not installed.
        UnsupportedError: the kernels cannot be compiled here.
        OutputFileError: they cannot be kept, so that every process would compile them.
    """
    backends["numba"].require()
    from caloexport.runtime.kernels import cache, natives
    from caloexport.runtime.kernels.level import LEVEL

    start = time.perf_counter()
    found = natives.find()
    if found.path is None:
        message = "the compiled kernels cannot be kept: every process will compile them"
        hint = f"set {cache.VARIABLE} to a folder that you alone can write"
        raise OutputFileError(message, where=str(cache.folder()), hint=hint)
    compiled_after = time.perf_counter() - start
    start = time.perf_counter()
    natives.natives()
    result = {
        "path": str(found.path),
        "instructions": LEVEL,
        "compiled": found.compiled,
        "compile_s": compiled_after,
        "load_kernels_s": time.perf_counter() - start,
    }
    return result if artifact is None else {**result, "first_shower": first_shower(artifact)}


def first_shower(artifact: Path) -> dict[str, Any]:
    """Load an artifact, sample one shower, and return what it took in seconds."""
    start = time.perf_counter()
    generator = load(artifact)
    loaded = time.perf_counter()
    total = _sample_one(generator)
    return {
        "artifact": str(artifact),
        "compiled_network": isinstance(generator.executor, CompiledExecutor),
        "load_s": loaded - start,
        "sample_s": time.perf_counter() - loaded,
        "sum": total,
    }


def _sample_one(generator: Generator) -> float:
    if generator.sampling is None:
        return float(generator.executor.run(np.zeros((1, generator.n_in), dtype=np.float32)).sum())
    middle = {c.name: spread(c, 0)[8] for c in generator.sampling.conditions}
    return float(generator.sample(1, seed=0, **middle).sum())
