"""Generated showers that look like a file of showers: made block by block when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from caloexport.converters.open import open_model
from caloexport.converters.run_folder import keep_model
from caloexport.runtime import Generator
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.conditions import Condition, Policy, gather
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.readout_file import load_readout
from caloexport.showers.entries import Entries
from caloexport.showers.hits import write_hits
from caloexport.showers.showers import Showers
from caloexport.showers.write import write_showers


class SampledShowers(Showers):
    """Showers of a generator, which know how they are made.

    Attributes:
        generator: that makes them.
        given: conditions of the generator by name, (n,) each, as it takes them.
        seed: of sampling.

    Args:
        generator, given, seed: as above; the generator has sampling.
        policy: outside the trained range.
    """

    def __init__(
        self, generator: Generator, given: Mapping[str, Array], seed: int, policy: Policy
    ) -> None:
        def make(start: int, stop: int) -> Float32:
            chosen = {name: values[start:stop] for name, values in given.items()}
            return generator.sample(
                stop - start, seed=seed, first=start, out_of_range=policy, **chosen
            )

        assert generator.sampling is not None
        name = generator.manifest.name
        attributes = {
            "generator": name,
            "manifest_sha256": generator.manifest.hash,
            "seed": seed,
            "out_of_range": policy,
            **_trained_range(generator.sampling.conditions),
        }
        super().__init__(
            name, "generated", generator.sampling.mesh, given, make, attributes=attributes
        )
        self.generator, self.given, self.seed = generator, given, seed


def _trained_range(conditions: Iterable[Condition]) -> dict[str, float]:
    """Return the ends of the trained energies, for whoever judges the showers later."""
    [energy] = [one for one in conditions if one.name == "energy_mev"]
    if energy.low is None or energy.high is None:
        return {}
    return {"trained_low_mev": energy.low, "trained_high_mev": energy.high}


def sampled_showers(
    generator: Generator, conditions: dict[str, Any], n: int, *, seed: int, policy: str = "error"
) -> SampledShowers:
    """Return showers that a generator makes when they are read.

    Args:
        generator: with sampling.
        conditions: by name, one value or one per shower.
        n: number of showers.
        seed: shower i depends on the seed, i and its conditions only.
        policy: ``error``, ``clamp`` or ``extrapolate`` outside the trained range.

    Raises:
        UsageError: a condition is missing, or the network is bare.
        OutOfRange: a condition is outside the trained range.
    """
    sampling = generator.sampling
    if sampling is None:
        message = f"'{generator.manifest.name}' is a bare network: it has no noise law and no mesh"
        raise UsageError(message, hint="convert the run folder instead of its Keras file")
    allowed = cast(Policy, policy)
    given = gather(sampling.conditions, conditions, n, allowed)
    return SampledShowers(generator, given, seed, allowed)


def sample_to_file(
    artifact: Path,
    path: Path,
    conditions: dict[str, Any],
    *,
    n: int,
    seed: int,
    backend: str | None,
    policy: str,
    format_name: str | None,
    report: Callable[[int], None],
) -> dict[str, Any]:
    """Sample ``n`` showers of a model and write them.

    Args:
        artifact: an artifact of ours or a run folder.
        path: the file to make.
        conditions, n, seed, policy: as for :func:`sampled_showers`.
        backend: ``numpy``, ``numba`` or None.
        format_name: of the shower file; None takes par04 for cylinders, else calochallenge.
        report: called with the number of showers done.

    Returns:
        what was written: path, number, conditions, policy and mean energy.
    """
    keep_model(artifact, path)
    generator = open_model(artifact, backend=backend)
    showers = sampled_showers(generator, conditions, n, seed=seed, policy=policy)
    total = 0.0

    def blocks() -> Iterator[Float32]:
        nonlocal total
        for block, energies in showers.chunks():
            total += float(energies.sum(dtype=np.float64))
            report(block.stop)
            yield energies

    usual = "par04" if isinstance(showers.mesh, CylinderMesh) else "calochallenge"
    layout, told = format_name or usual, showers.attributes
    write_showers(path, layout, showers.mesh, showers.conditions, blocks(), told)
    return {
        "path": str(path),
        "showers": n,
        "seed": seed,
        "conditions": conditions,
        "out_of_range": policy,
        "manifest_sha256": generator.manifest.hash,
        "mean_energy_mev": total / max(n, 1),
    }


def sample_hits(
    artifact: Path,
    path: Path,
    conditions: dict[str, Any],
    readout_path: Path,
    entries: Entries,
    *,
    n: int,
    seed: int,
    backend: str | None,
    policy: str,
    report: Callable[[int], None],
) -> dict[str, Any]:
    """Sample ``n`` showers of a model and write their hits in a readout.

    Args:
        artifact, path, conditions, n, seed, backend, policy, report: as of :func:`sample_to_file`.
        readout_path: a readout file.
        entries: where particles enter.

    Returns:
        what was written: path, readout, number, conditions, policy, and means of a shower.
    """
    keep_model(artifact, path)
    readout = load_readout(readout_path)
    generator = open_model(artifact, backend=backend)
    showers = sampled_showers(generator, conditions, n, seed=seed, policy=policy)
    means = write_hits(path, showers, readout, entries.draw(n, seed), report=report)
    return {
        "path": str(path),
        "readout": readout.name,
        "showers": n,
        "seed": seed,
        "conditions": conditions,
        "out_of_range": policy,
        "manifest_sha256": generator.manifest.hash,
        **{f"mean_{name}": value for name, value in means.items()},
    }
