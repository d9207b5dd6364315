"""NU001: every energy is a number, and none is negative."""

from __future__ import annotations

from caloexport.validation.checks import FAIL, PASS, Check, Compared, Finding, checks


def find(compared: Compared, threshold: float) -> Finding:
    """Count the cells that are no energies."""
    status = PASS if compared.unsound <= threshold else FAIL
    return Finding(status, float(compared.unsound), where=compared.first_unsound)


checks.register("NU001")(
    Check(
        "cells that are negative or not finite",
        "one such cell spoils every sum that it enters, and experiments' software stops at it",
        find,
        compares=False,
        cause="weights that overflowed in training, or an output without an activation that keeps it above zero",
    )
)
