"""The report of all shifts between a file and the model that it was made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.backends import Executor
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.shifts.executors import executor_of, executor_of_file
from caloexport.shifts.groups import Group, groups_of
from caloexport.shifts.quantities import Sums, joined, sums_of
from caloexport.shifts.shift import Shift, shifts_of

SHOWERS = 10_000
#: at least, however large the network; and the operations that may be spent on more
FEWEST, OPERATIONS = 1_000, 10**12
#: showers at a time, and their cells: 16 MB
BLOCK, CELLS = 96, 2**22
#: largest shift that is accepted when nobody says
MAX_SHIFT = 0.02

#: (showers done, of how many)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ShiftReport:
    """All shifts, largest first.

    Attributes:
        precision: of the file.
        shifts: of every quantity in every group.
        showers: compared.
        engines: what computed the reference and the file.
    """

    precision: str
    shifts: tuple[Shift, ...]
    showers: int
    engines: tuple[str, str]

    @property
    def worst(self) -> Shift:
        """The largest shift."""
        return self.shifts[0]

    def worst_by_observable(self) -> list[Shift]:
        """Return the largest shift of every observable, largest first."""
        found: dict[str, Shift] = {}
        for shift in self.shifts:
            found.setdefault(shift.quantity.observable, shift)
        return list(found.values())

    def __str__(self) -> str:
        return f"largest shift of {self.showers} showers in {self.precision}: {_told(self.worst)}"

    def require_small(self, limit: float, where: str) -> None:
        """Raise AnswerIsNo when a shift is beyond the limit."""
        if self.worst.size <= limit:
            return
        message = f"{self.precision} shifts an observable beyond {limit:g}: {_told(self.worst)}"
        hint = "a finer precision, or --max-shift to accept it"
        raise AnswerIsNo(message, where=where, hint=hint)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "showers": self.showers,
            "engines": list(self.engines),
            "worst": self.worst.to_json(),
            "shifts": [shift.to_json() for shift in self.shifts],
        }

    def table(self) -> Any:
        """Return the largest shift of every observable, as a table for rich."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("observable", "where it moves most"):
            table.add_column(heading)
        for heading in ("shift of the mean", "of the width"):
            table.add_column(heading, justify="right")
        for shift in self.worst_by_observable():
            table.add_row(
                str(shift.quantity),
                str(shift.group),
                f"{shift.mean_shift:+.4f} ± {shift.mean_error:.4f}",
                f"{shift.width_shift:+.4f} ± {shift.width_error:.4f}",
            )
        return table


def _told(shift: Shift) -> str:
    mean = abs(shift.mean_shift) >= abs(shift.width_shift)
    value, error = (
        (shift.mean_shift, shift.mean_error) if mean else (shift.width_shift, shift.width_error)
    )
    what = "mean" if mean else "width"
    return f"the {what} of '{shift.quantity}' at {shift.group} by {value:+.4f} ± {error:.4f} widths"


def shift_report(
    exact: Generator,
    written: Path,
    engine: str,
    precision: str,
    progress: Progress,
    n: int | None = None,
) -> ShiftReport:
    """Compare a written file with the generator that it was made of, over many fixed showers.

    Args:
        exact: with sampling; computed in float32.
        written: the file.
        engine: name of the backend that executes it.
        precision: of the file.
        progress: called after every block.
        n: number of showers; None takes :func:`showers_for`.

    Raises:
        AnswerIsNo: the file gives what is not a finite number.
    """
    sampling = exact.sampling
    assert sampling is not None  # callers ask only for generators that describe their physics
    sides = executor_of(exact), executor_of_file(written, engine)
    groups = groups_of(sampling, n or showers_for(exact))
    block = max(1, min(BLOCK, CELLS // math.prod(sampling.mesh.shape)))
    total, done = sum(map(len, groups)), 0
    shifts: list[Shift] = []
    for group in groups:
        measured = []
        for start in range(0, len(group), block):
            rows = slice(start, start + block)
            measured.append([_measured(e, sampling, group, rows) for e, _ in sides])
            done += min(block, len(group) - start)
            progress(done, total)
        usual, found = (joined([block[side] for block in measured]) for side in (0, 1))
        shifts += shifts_of(group, usual, found)
    if not all(math.isfinite(shift.size) for shift in shifts):
        message = f"{precision} gives showers whose energies are not finite numbers"
        raise AnswerIsNo(message, where=str(written), hint="a finer precision")
    shifts.sort(key=lambda shift: -shift.size)
    return ShiftReport(precision, tuple(shifts), total, (sides[0][1], sides[1][1]))


def showers_for(exact: Generator) -> int:
    """Return how many showers to compare: fewer where the network would take minutes for all."""
    return int(min(SHOWERS, max(FEWEST, OPERATIONS // max(1, exact.network.flops))))


def _measured(executor: Executor, sampling: Sampling, group: Group, rows: slice) -> Sums:
    given = {name: values[rows] for name, values in group.conditions.items()}
    outputs = executor.run(group.inputs[rows])
    incident = np.asarray(given["energy_mev"], dtype=np.float64)
    cells = sampling.output.energies(outputs, incident, sampling.mesh)
    return sums_of(cells.reshape(-1, *sampling.mesh.shape), sampling.mesh, given)
