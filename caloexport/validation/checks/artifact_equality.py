"""CX002: a model's showers are those that the reference evaluation of its network gives."""

from __future__ import annotations

import math

from caloexport.validation.checks import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Check,
    Compared,
    Finding,
    checks,
)


def find(compared: Compared, threshold: float) -> Finding:
    """Hold the largest difference of a cell against the threshold, or against the model's precision.

    No threshold is below what the arithmetic of the precision explains.
    """
    found = compared.equality
    if found is None:
        return Finding(NOT_APPLICABLE, where="showers of a file: no latents")
    limit = max(threshold, found.allowed)
    if not math.isfinite(found.largest):
        return Finding(FAIL, None, where=f"{found.where}, which is no number", limit=limit)
    status = PASS if found.largest <= limit else FAIL
    return Finding(status, found.largest, where=found.where, limit=limit)


checks.register("CX002")(
    Check(
        "largest difference of a cell from the reference evaluation, in incident energies",
        "what was proven of the trained network holds only for showers that are the network's own",
        find,
        compares=False,
        cause="a backend or plugin that computes a layer in another way, or compiled code of another processor",
    )
)
