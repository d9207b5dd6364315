"""How far a search is, for people to watch: the best trials, and the runs at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from caloexport.training.runs.board import Board
from caloexport.training.runs.messages import Message
from caloexport.training.tune.study import FAILED, FINISHED, PRUNED, Trial

#: trials in the table while the search goes on
SHOWN = 5


class Watch:
    """What is shown while a search goes on.

    Args:
        wanted: number of trials.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._board = Board()
        self._trials: list[Trial] = []

    def start(self, name: str, seeds_done: int) -> None:
        """Show that a run of a trial begins."""
        self._board.start(name, f"seed {seeds_done + 1}: ")

    def hear(self, name: str, message: Message) -> None:
        """Take in what a run told."""
        self._board.hear(name, message)

    def end(self, name: str, trials: list[Trial]) -> None:
        """Take in that a trial has ended."""
        self._board.forget(name)
        self._trials = trials

    def summary(self) -> str:
        """Say how many trials there are."""
        count = {how: sum(t.how == how for t in self._trials) for how in (FINISHED, PRUNED, FAILED)}
        text = f"{count[FINISHED] + count[PRUNED]} of {self._wanted} trials"
        parts = [f"{count[how]} {how}" for how in (PRUNED, FAILED) if count[how]]
        best = ranked(self._trials)
        if best:
            parts.append(f"best score {best[0].rank:.4g} of trial {best[0].number}")
        return ", ".join([text, *parts])

    def drawing(self) -> Any:
        """Draw the best trials and the runs at work."""
        from rich.console import Group
        from rich.text import Text

        best = ranked(self._trials)[:SHOWN]
        parts = [Text(self.summary())]
        return Group(*parts, *([trials_table(best)] if best else []), self._board.drawing())

    def lines(self) -> Iterator[str]:
        """Give the same as text."""
        yield self.summary()
        yield from self._board.lines()


def ranked(trials: list[Trial]) -> list[Trial]:
    """Return the finished trials, best first."""
    return sorted((t for t in trials if t.how == FINISHED), key=lambda trial: trial.rank)


def trials_table(trials: list[Trial]) -> Any:
    """Draw score ± spread over the seeds and parameters of trials."""
    from rich.table import Table

    drawn = Table()
    drawn.add_column("trial", justify="right")
    drawn.add_column("score", justify="right")
    names = sorted({name for trial in trials for name in trial.parameters})
    for name in names:
        drawn.add_column(name.replace(".", ".\n"), justify="right", no_wrap=True)
    for trial in trials:
        spread = "" if trial.spread is None else f" ± {trial.spread:.2g}"
        values = (_short(trial.parameters.get(name, "")) for name in names)
        drawn.add_row(str(trial.number), f"{trial.rank:.4g}{spread}", *values)
    return drawn


def _short(value: Any) -> str:
    """Return a parameter as Optuna knows it, for a narrow column.

    >>> _short(0.00123456), _short("[256, 128]")
    ('0.00123', '256,128')
    """
    if isinstance(value, float):
        return f"{value:.3g}"
    text = str(value)
    return text[1:-1].replace(" ", "") if text.startswith("[") else text
