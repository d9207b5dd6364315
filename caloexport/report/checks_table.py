"""The checks of a comparison as a table for people, and why those that failed matter."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from caloexport.validation.checks import FAIL, checks
from caloexport.validation.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table


def checks_table(verdict: Verdict) -> Table:
    """Return the checks, a row each."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("check", "status", "required", "figure", "limit", "where"):
        table.add_column(heading, justify="right" if heading in ("figure", "limit") else "left")
    for code, found in verdict.findings.items():
        demand = verdict.demands[code]
        required = "yes" if demand.required else "no"
        figure = "" if found.value is None else f"{found.value:.4g}"
        if found.error is not None:
            figure += f" ± {found.error:.2g}"
        limit = demand.threshold if found.limit is None else found.limit
        table.add_row(code, found.status, required, figure, f"{limit:.3g}", found.where)
    table.caption = (
        "limit: largest difference that passes, of a ratio or its inverse from 1, of a shift from 0; of a "
        "distance with its floor"
    )
    table.caption_justify = "left"
    return table


def failures(verdict: Verdict) -> list[str]:
    """Explain each check that failed, in lines: what it compares, why that matters, what causes it."""
    failed = [code for code, found in verdict.findings.items() if found.status == FAIL]
    return [line for code in failed for line in explained(code)]


def explained(code: str, whose: str = "") -> list[str]:
    """Explain a check that failed, in lines.

    Args:
        code: of the check.
        whose: which models failed, of several.
    """
    check = checks[code]
    lines = [f"{code}{whose and f' ({whose})'}: {check.title}", f"  why it matters: {check.why}"]
    lines += [f"  usual cause: {check.cause}"] if check.cause else []
    lines += [f"  picture: {check.figure} (--figures)"] if check.figure else []
    return [textwrap.fill(line, 100, subsequent_indent="    ") for line in lines]
