"""The scores of a decoder as tables: a line for each detector and energy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from caloexport.training.scoring.row import Row, with_error


def tables(scores: Sequence[Row]) -> Iterator[Any]:
    """Draw the total energy and what is furthest off, then the mean profiles where there are any."""
    yield _energies(scores)
    profiles = list(dict.fromkeys(row.observable for row in scores if row.l1 is not None))
    if profiles:
        yield _profiles(scores, profiles)


def _energies(scores: Sequence[Row]) -> Any:
    from rich.table import Table

    drawn = Table(title="showers held back: generated against full simulation")
    columns = ("detector", "energy", "showers", "E mean ratio", "E width ratio", "E χ²/ndf")
    for column in (*columns, "furthest off (in tolerances)"):
        left = column == "detector" or column.startswith("furthest")
        drawn.add_column(column, justify="left" if left else "right", overflow="fold")
    for point, rows in _points(scores):
        total = next(row for row in rows if row.observable == "response")
        drawn.add_row(
            *point,
            str(total.showers),
            with_error(total.mean_ratio, total.mean_ratio_error),
            with_error(total.width_ratio, total.width_ratio_error),
            with_error(total.chi2_ndf, total.chi2_ndf_error),
            _furthest(rows),
        )
    return drawn


def _profiles(scores: Sequence[Row], profiles: Sequence[str]) -> Any:
    from rich.table import Table

    drawn = Table(title="normalised mean profiles: L1 distance (of alike samples)")
    drawn.add_column("detector")
    for column in ("energy", *(name.removesuffix("_profile") for name in profiles)):
        drawn.add_column(column, justify="right")
    for point, rows in _points(scores):
        found = {row.observable: row for row in rows}
        drawn.add_row(*point, *(_distance(found.get(name)) for name in profiles))
    return drawn


def _distance(row: Row | None) -> str:
    """Return a distance with its error, and what two samples of full simulation would have."""
    if row is None:
        return ""
    floor = "" if row.l1_floor is None else f" ({row.l1_floor:.2g})"
    return f"{with_error(row.l1, row.l1_error)}{floor}"


def _points(scores: Sequence[Row]) -> Iterator[tuple[tuple[str, str], list[Row]]]:
    """Give detector and energy in words, and the rows of both."""
    for geometry, energy_mev in dict.fromkeys((row.geometry, row.energy_mev) for row in scores):
        rows = [row for row in scores if (row.geometry, row.energy_mev) == (geometry, energy_mev)]
        yield (geometry, f"{energy_mev / 1000:.4g} GeV"), rows


def _furthest(rows: Sequence[Row], number: int = 2) -> str:
    """Name the observables that are furthest off, each with its worst layer."""
    worst: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.off or 0.0, reverse=True):
        if row.off:
            worst.setdefault(row.observable, row)
    return ", ".join(f"{row.name}: {row.off:.2g}" for row in list(worst.values())[:number])
