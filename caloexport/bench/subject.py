"""What a call of the bench is about: workloads by name, an artifact, or the shipped decoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caloexport.bench.workloads import workloads
from caloexport.converters.open import open_model
from caloexport.runtime.generator import Generator
from caloexport.shipped import default_decoder


def generators(artifact: Path | None, named: Sequence[str]) -> dict[str, Generator]:
    """Return the generators to measure, by name.

    Args:
        artifact: any model or artifact that we can read.
        named: workloads.

    Raises:
        UnknownName: no such workload.
        InputFileError: the artifact is missing or damaged.
    """
    found = {name: workloads[name]() for name in dict.fromkeys(named)}
    if artifact is None and not found:
        artifact = default_decoder()
    if artifact is not None:
        generator = open_model(artifact)
        found[generator.manifest.name] = generator
    return found
