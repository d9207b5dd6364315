"""Tables of a self-check."""

from __future__ import annotations

from rich.table import Table

from caloexport.simulation.selfcheck.check import Check
from caloexport.simulation.selfcheck.run import Outcome


def shower_table(outcome: Outcome) -> Table:
    """Return what was measured of showers, a line each."""
    table = Table(title="Showers against reference values")
    for column in ("showers", "quantity", "found", "reference", "pull", ""):
        right = column in ("found", "reference", "pull")
        table.add_column(column, justify="right" if right else "left")
    for check in outcome.checks:
        if check.tolerance is None:
            pull = "" if check.pull is None else f"{check.pull:+.1f}"
            found = with_error(check.found, check.error)
            reference = with_error(check.reference, check.reference_error)
            table.add_row(check.subject, check.quantity, found, reference, pull, verdict(check))
    return table


def matter_table(outcome: Outcome) -> Table:
    """Return radiation lengths, and of every material the attenuation that deviates most."""
    caption = "of the attenuation at 20 energies, the one that deviates most"
    table = Table(title="Matter against Particle Data Group and NIST", caption=caption)
    for column in ("material", "quantity", "found", "reference", "deviation", "allowed", ""):
        right = column not in ("material", "quantity", "")
        table.add_column(column, justify="right" if right else "left")
    for check in worst_of_kind(outcome):
        assert check.tolerance is not None
        table.add_row(
            check.subject,
            check.quantity,
            f"{check.found:.4g}",
            f"{check.reference:.4g}",
            f"{check.deviation:+.2%}",
            f"{check.tolerance:.1%}",
            verdict(check),
        )
    return table


def worst_of_kind(outcome: Outcome) -> list[Check]:
    """Return the checks with a tolerance, of a kind that has many per material the worst."""
    worst: dict[tuple[str, str], Check] = {}
    for check in outcome.checks:
        key = (check.subject, check.quantity.split(" at ")[0])
        if check.tolerance is not None and (
            key not in worst or abs(check.deviation) > abs(worst[key].deviation)
        ):
            worst[key] = check
    return list(worst.values())


def verdict(check: Check) -> str:
    """Return whether a check passed, in words."""
    return "pass" if check.passed else "FAIL"


def with_error(value: float, error: float) -> str:
    """Write a value to the second digit of its error.

    >>> with_error(0.03184, 0.00031), with_error(825.2, 3.1), with_error(4450.0, 23.0)
    ('0.03184 ± 0.00031', '825.2 ± 3.1', '4450 ± 23')
    """
    decimals = 1 - int(f"{error:e}".partition("e")[2]) if error > 0 else 3
    return f"{value:.{max(decimals, 0)}f} ± {error:.{max(decimals, 0)}f}"
