"""Accept or refuse a written file by what it does to the showers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from caloexport.runtime.generator import Generator
from caloexport.shifts.report import MAX_SHIFT, Progress, ShiftReport, shift_report


@dataclass
class ShiftJudge:
    """Called with a file before it appears, see ``converters.export``; keeps the report.

    Attributes:
        precision: of the file.
        path: where the file will be, for messages.
        progress: called after every block of showers.
        max_shift: largest shift that is accepted.
        showers: how many to compare; None takes ``showers_for``.
        report: what was found; None for a bare network, whose outputs nobody can interpret.
    """

    precision: str
    path: Path
    progress: Progress = lambda done, total: None
    max_shift: float = MAX_SHIFT
    showers: int | None = None
    report: ShiftReport | None = field(default=None, init=False)

    def __call__(self, written: Path, exact: Generator, engine: str) -> None:
        """Compare and refuse.

        Raises:
            AnswerIsNo: a shift is too large.
        """
        if exact.sampling is not None:
            self.report = shift_report(
                exact, written, engine, self.precision, self.progress, self.showers
            )
            self.report.require_small(self.max_shift, str(self.path))
