"""Verification: execute an artifact with the format's own engine and compare with the reference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.targets import Outcome, Proof, Target, targets
from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import AnswerIsNo, InputFileError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import cell_name
from caloexport.runtime.tolerance import TABLE, Difference, compare
from caloexport.runtime.vectors import Vectors


@dataclass(frozen=True)
class Verification:
    """The outcome of replaying an artifact's test vectors.

    Attributes:
        equal: every value is within the tolerance.
        max_abs, max_rel: largest differences over cells and layer sums.
        tolerance: row of the tolerance table.
        where: the worst value, in words.
        vectors: number of vectors replayed.
        engine: what executed the artifact.
    """

    equal: bool
    max_abs: float
    max_rel: float
    tolerance: str
    where: str
    vectors: int
    engine: str

    def to_json(self) -> dict[str, Any]:
        """Return the object ``caloexport.verify/1``."""
        row = TABLE[self.tolerance]
        return {
            "schema": "caloexport.verify/1",
            "equal": self.equal,
            "max_abs": self.max_abs,
            "max_rel": self.max_rel,
            "tolerance": {"atol": row.atol, "rtol": row.rtol, "reason": row.reason},
            "where": self.where,
            "vectors": self.vectors,
            "engine": self.engine,
        }

    def __str__(self) -> str:
        verdict = "equal to" if self.equal else "DIFFERS from"
        return (
            f"{verdict} the reference over {self.vectors} vectors by {self.engine}: "
            f"max |Δ| = {self.max_abs:.1e}, {self.max_rel:.1e} of the shower's largest output, "
            f"{self.where}"
        )


def target_of(path: Path) -> tuple[str, Target]:
    """Find the target that an artifact is of, from its content.

    Raises:
        InputFileError: it is missing, or of no format that we write.
    """
    if not path.exists():
        message = "no such file or folder"
        raise InputFileError(message, where=str(path))
    for name in targets:
        if targets[name].recognises(path):
            return name, targets[name]
    message = "is not an artifact of a format that caloexport writes"
    raise InputFileError(message, where=str(path), hint=f"formats: {', '.join(targets)}")


def verify(path: Path) -> Verification:
    """Replay the test vectors that an artifact carries.

    Raises:
        InputFileError: no artifact, or its proof is missing or damaged.
        AnswerIsNo: what it offers beside its network does not give what the model gives.
        MissingDependency: the engine is not installed.
    """
    _, target = target_of(path)
    replayed = target.replayed(path)
    if replayed is not None:
        outputs, vectors = replayed.outputs, replayed.vectors
        return judge_vectors(outputs, vectors, None, target.tolerance, target.engine)
    verification = verify_as(path, target, target.proof(path))
    if verification.equal:
        require_more(target.prove_more(path), path)
    return verification


def verify_as(path: Path, target: Target, proof: Proof) -> Verification:
    """Replay given test vectors on an artifact of a known target."""
    name = target.engine_for(proof.manifest)
    backends[name].require()
    outputs = backends[name].open(path).run(np.array(proof.vectors.inputs))
    return judge(outputs, proof, target.tolerance_for(proof.manifest), name)


def judge(outputs: Array, proof: Proof, tolerance: str, engine: str) -> Verification:
    """Compare an engine's outputs (n, n_out) with the test vectors of an artifact."""
    return judge_vectors(outputs, proof.vectors, proof.manifest.sampling, tolerance, engine)


def judge_vectors(
    outputs: Array, vectors: Vectors, sampling: Sampling | None, tolerance: str, engine: str
) -> Verification:
    """Compare an engine's outputs (n, n_out) with test vectors; the sampling names the cells."""
    cells, sums = vectors.select(outputs)
    by_cell = compare(cells, vectors.expected, tolerance)
    by_layer = compare(sums, vectors.sums, tolerance)
    return Verification(
        equal=by_cell.equal and by_layer.equal and bool(np.isfinite(outputs).all()),
        max_abs=max(by_cell.max_abs, by_layer.max_abs),
        max_rel=max(by_cell.max_rel, by_layer.max_rel),
        tolerance=tolerance,
        where=_worst(by_cell, by_layer, vectors, sampling),
        vectors=len(vectors.inputs),
        engine=engine,
    )


def _worst(
    by_cell: Difference, by_layer: Difference, vectors: Vectors, sampling: Sampling | None
) -> str:
    if by_layer.max_rel > by_cell.max_rel:
        return f"worst in the sum of layer {by_layer.column}, vector {by_layer.row}"
    if not vectors.cells.size:
        return "nothing compared"
    flat = int(vectors.cells[by_cell.column])
    place = f"output {flat}"
    if sampling is not None and flat < np.prod(sampling.mesh.shape):
        place = f"cell {cell_name(sampling.mesh, flat)}"
    return f"worst at {place}, vector {by_cell.row}"


def require_equal(verification: Outcome, path: Path, layer: str | None = None) -> None:
    """Raise AnswerIsNo when a verification failed.

    Args:
        verification: the outcome.
        path: the artifact.
        layer: where it first differs, if known.
    """
    if not verification.equal:
        place = f"it first differs at layer '{layer}'" if layer else None
        hint = place or "the file does not give what the model gives"
        raise AnswerIsNo(str(verification), where=str(path), hint=hint)


def require_more(outcome: Outcome | None, path: Path) -> None:
    """Raise AnswerIsNo when what an artifact offers beside its network was proven wrong."""
    if outcome is not None:
        require_equal(outcome, path)
