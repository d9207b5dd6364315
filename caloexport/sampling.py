"""Sample an artifact into a shower file, in chunks that fit the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np

from caloexport.runtime import load
from caloexport.runtime.arrays import Float32
from caloexport.runtime.conditions import Policy, gather
from caloexport.runtime.errors import UsageError
from caloexport.showers import write_showers

#: bytes of showers held at a time
CHUNK_BYTES = 64 << 20


def sample_to_file(
    artifact: Path,
    path: Path,
    conditions: dict[str, Any],
    *,
    n: int,
    seed: int,
    backend: str | None,
    policy: str,
    format_name: str,
    report: Callable[[int], None],
) -> dict[str, Any]:
    """Sample ``n`` showers and write them.

    Args:
        artifact: one of ours, see :func:`caloexport.runtime.load`.
        path: the file to make.
        conditions: by name, one value for all showers.
        n, seed, backend, policy: as for :meth:`caloexport.runtime.Generator.sample`.
        format_name: of the shower file.
        report: called with the number of showers done.

    Returns:
        what was written: path, number, conditions, policy and mean energy.
    """
    generator = load(artifact, backend=backend)
    sampling = generator.sampling
    if sampling is None:
        message = "is a bare network: it has no noise law and no mesh"
        raise UsageError(message, where=str(artifact), hint="convert the run folder")
    allowed = cast(Policy, policy)
    arrays = gather(sampling.conditions, conditions, n, allowed)
    size = max(1, CHUNK_BYTES // (4 * int(np.prod(sampling.mesh.shape))))
    total = 0.0

    def chunks() -> Iterator[Float32]:
        nonlocal total
        for start in range(0, n, size):
            count = min(size, n - start)
            showers = generator.sample(
                count, seed=seed, first=start, out_of_range=allowed, **conditions
            )
            total += float(showers.sum(dtype=np.float64))
            report(start + count)
            yield showers

    attributes = {
        "generator": generator.manifest.name,
        "manifest_sha256": generator.manifest.hash,
        "seed": seed,
        "out_of_range": policy,
    }
    write_showers(path, format_name, sampling.mesh, arrays, chunks(), attributes)
    return {
        "path": str(path),
        "showers": n,
        "seed": seed,
        "conditions": conditions,
        "out_of_range": policy,
        "manifest_sha256": generator.manifest.hash,
        "mean_energy_mev": total / max(n, 1),
    }
