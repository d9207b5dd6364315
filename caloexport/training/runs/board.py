"""How far the runs are, for people to watch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from caloexport.training.runs.messages import FINISHED, Ended, Message, Progress, Scored


@dataclass
class Line:
    """One run."""

    done: int = 0
    total: int = 0
    text: str = "waits"
    running: bool = False
    before: str = ""

    def hear(self, message: Message) -> None:
        """Take in what was told."""
        self.running = not isinstance(message, Ended)
        if isinstance(message, Progress):
            self.done, self.total, self.text = message.done, message.total, message.text
        elif isinstance(message, Scored):
            self.done, self.total = message.updates, message.total
        elif message.how == FINISHED and message.summary is not None:
            self.done, self.text = self.total, f"score {message.summary['score']:.4g}"
        else:
            self.text = f"{message.how}: {message.reason}" if message.reason else message.how


class Board:
    """A line per run.

    Args:
        names: of the runs that are known from the start.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.runs: dict[str, Line] = {name: Line() for name in names}

    def start(self, name: str, before: str = "") -> None:
        """Show that a run begins.

        Args:
            name: of the run.
            before: what stands before its text.
        """
        text = "imports TensorFlow, reads showers"
        self.runs[name] = Line(text=text, running=True, before=before)

    def forget(self, name: str) -> None:
        """Leave a run out from now on."""
        del self.runs[name]

    def hear(self, name: str, message: Message) -> None:
        """Take in what a run told."""
        self.runs[name].hear(message)

    def drawing(self) -> Any:
        """Draw a bar per run."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        drawn = Table.grid(padding=(0, 1))
        for _ in range(3):
            drawn.add_column(no_wrap=True)
        drawn.add_column()  # may shrink; its text is cut and not wrapped
        for name, run in self.runs.items():
            bar = ProgressBar(total=run.total or 1, completed=run.done, width=20)
            count = Text(f"{run.done}/{run.total}" if run.total else "")
            text = Text(f"{run.before}{run.text}", no_wrap=True, overflow="ellipsis")
            drawn.add_row(Text(name), bar, count, text)
        return drawn

    def lines(self) -> Iterator[str]:
        """Give the running runs as text."""
        for name, run in self.runs.items():
            if run.running:
                done = f"{run.done}/{run.total}" if run.total else ""
                yield f"{name}: {run.before}{', '.join(filter(None, (done, run.text)))}"
