"""What commands print with, and the options that several of them share."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

import click


class Advance(Protocol):
    """Tell that ``done`` steps are done; the text stands at the end of the line."""

    def __call__(self, done: int, text: str = "") -> None: ...


#: seconds between two progress lines when stderr is not a terminal
LINE_INTERVAL = 5.0
#: seconds that a command may be silent
PATIENCE = 2.0


@dataclass
class Settings:
    """What the global options asked for."""

    quiet: bool = False
    verbose: bool = False
    interrupted: bool = False


settings = Settings()


def log(text: str) -> None:
    """Print to stderr, unless quiet."""
    if not settings.quiet:
        complain(text)


def complain(text: str) -> None:
    """Print to stderr; a log that nobody can write must not end the work."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def say(item: Any) -> None:
    """Print a result to stdout: text, or anything that rich can draw (a table)."""
    _print(f"{item}\n" if isinstance(item, str) else _drawn(item, sys.stdout))


def log_table(item: Any) -> None:
    """Print what rich can draw to stderr, unless quiet."""
    if not settings.quiet:
        complain(_drawn(item, sys.stderr).rstrip("\n"))


def _drawn(item: Any, stream: TextIO | None) -> str:
    from rich.console import Console

    terminal = stream is not None and stream.isatty()
    console = Console(file=stream, width=None if terminal else 120, highlight=False)
    with console.capture() as drawn:
        console.print(item)
    return drawn.get()


def emit(data: dict[str, Any]) -> None:
    """Print one JSON object to stdout."""
    _print(json.dumps(data, indent=2, allow_nan=False) + "\n")


def _print(text: str) -> None:
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:  # the reader left (head, less): its right, and no failure of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def progress(
    description: str, total: int, below: Callable[[int], Any] | None = None
) -> Iterator[Advance]:
    """Show progress on stderr: a bar on a terminal, a line now and then in a pipe.

    Args:
        description: what is done.
        total: number of steps.
        below: (width of the terminal) -> what rich shall draw below the bar.

    Yields:
        advance(done, text): ``done`` of ``total`` steps are done; the text stands at the end.
    """
    if settings.quiet:
        yield _silence
    elif _on_terminal():
        from rich.console import Console, RenderableType
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        terminal = Console(stderr=True)

        class Bar(Progress):
            def get_renderables(self) -> Iterable[RenderableType]:
                yield self.make_tasks_table(self.tasks)
                if below is not None and terminal.encoding.startswith("utf"):
                    yield below(terminal.width)

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Bar(*columns, console=terminal, transient=True) as bar:
            task = bar.add_task(description, total=total, note="")

            def advance(done: int, text: str = "") -> None:
                stop_if_interrupted()
                bar.update(task, completed=done, note=text)

            yield advance
    else:
        yield _lines(description, total)


class Watched(Protocol):
    """Several things that go on at a time."""

    def drawing(self) -> Any:
        """Return what rich can draw, for a terminal."""

    def lines(self) -> Iterable[str]:
        """Give a line of text for each, for a pipe."""


@contextlib.contextmanager
def live() -> Iterator[Callable[[Watched], None]]:
    """Show on stderr how several things go: drawn anew on a terminal, now and then in a pipe.

    Yields:
        show(watched): how it is now.
    """
    if settings.quiet:
        yield lambda _: None
    elif _on_terminal():
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as drawn:
            yield lambda watched: drawn.update(watched.drawing(), refresh=True)
    else:
        last = time.monotonic()

        def show(watched: Watched) -> None:
            nonlocal last
            if time.monotonic() - last >= LINE_INTERVAL:
                last = time.monotonic()
                for line in watched.lines():
                    log(line)

        yield show


@contextlib.contextmanager
def patience(description: str) -> Iterator[Callable[[str], None]]:
    """Tell on stderr what is going on, where nobody can say how much of it is left.

    A spinner on a terminal; in a pipe a line after two seconds, and another now and then.

    Yields:
        tell(step): the next step begins.
    """
    step = ""

    def text() -> str:
        return f"{description}{step} ..."

    def tell(now: str) -> None:
        nonlocal step
        stop_if_interrupted()
        step = f": {now}"
        shown(text())

    with _spinner(text()) if _on_terminal() else _lines_in_time(text) as shown:
        yield tell


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


@contextlib.contextmanager
def _spinner(text: str) -> Iterator[Callable[[str], None]]:
    if settings.quiet:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(text)) as status:
        yield lambda now: status.update(escape(now))


@contextlib.contextmanager
def _lines_in_time(text: Callable[[], str]) -> Iterator[Callable[[str], None]]:
    ended = threading.Event()

    def remind() -> None:
        started, wait = time.monotonic(), PATIENCE
        while not ended.wait(wait):
            log(f"{text()} {time.monotonic() - started:.0f} s")
            wait = LINE_INTERVAL

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield lambda _: None
    finally:
        ended.set()
        reminder.join()


def _silence(done: int, text: str = "") -> None:
    stop_if_interrupted()


def stop_if_interrupted() -> None:
    """Raise the KeyboardInterrupt that a library has swallowed (numba does, while it loads)."""
    if settings.interrupted:
        raise KeyboardInterrupt


def _left(seconds: float, done: int, remaining: int) -> str:
    if remaining == 0:
        return ", 0 s left"
    return f", {seconds / done * remaining:.0f} s left" if done else ""


def _lines(description: str, total: int) -> Advance:
    last = time.monotonic()
    told = ""
    first: tuple[float, int] | None = None  # the rate counts from here: a run may be taken up

    def advance(done: int, text: str = "") -> None:
        nonlocal last, told, first
        stop_if_interrupted()
        now = time.monotonic()
        first = first or (now, done)
        if now - last < LINE_INTERVAL:
            return
        last = now
        left = _left(now - first[0], done - first[1], total - done)
        line = f"{description}: {done}/{total}{left}{text and f', {text}'}"
        if done or line != told:
            log(line)
        told = line

    return advance


@contextlib.contextmanager
def stage(title: str, total: int) -> Iterator[Advance]:
    """Announce a stage, show its progress, and say how long it took."""
    log(f"{title} ...")
    started = time.monotonic()
    with progress(f"  {title}", total) as advance:
        yield advance
    log(f"{title}: {time.monotonic() - started:.0f} s")


class _WithUnit(click.ParamType[Any]):
    """Text that is read with its units, where what is wrong with it becomes a message of click's."""

    def __init__(self, dimension: str) -> None:
        self.dimension = dimension
        self.name = dimension

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        if not isinstance(value, str):
            return value
        from caloexport.runtime.errors import UsageError

        try:
            return self.read(value)
        except UsageError as error:
            self.fail(str(error), parameter, context)

    def read(self, text: str) -> Any:
        raise NotImplementedError


class Quantity(_WithUnit):
    """A number with a unit, brought to MeV, mm or rad."""

    def read(self, text: str) -> float:
        from caloexport.runtime.units import parse_quantity

        return parse_quantity(text, self.dimension)


class QuantityRange(_WithUnit):
    """Two numbers with units and ``..`` between them, or one that is both ends."""

    def read(self, text: str) -> tuple[float, float]:
        from caloexport.runtime.units import parse_range

        return parse_range(text, self.dimension)


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object to stdout."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=0, show_default=True, help="Random seed."
)
threads_option = click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads to use."
)
output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write."
)


def model_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what the user says beside a model file; the command gets it as ``choices``."""

    @click.option(
        "--weights",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The weights of a model that comes as an architecture JSON.",
    )
    @click.option(
        "--variables",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Names, offsets and scales of its inputs, as LWTNN's converters take them.",
    )
    @click.option(
        "--steps", type=click.IntRange(1), metavar="N",
        help="Number of steps of sequence inputs, where the file leaves it open.",
    )  # fmt: skip
    @click.option(
        "--signature", metavar="NAME[:OUTPUT]",
        help="Function (and output) of a SavedModel, where serving_default is not meant.",
    )  # fmt: skip
    @click.option(
        "--take", metavar="NAME", help="Which output to take, where the model has several."
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        weights: Path | None,
        variables: Path | None,
        steps: int | None,
        signature: str | None,
        take: str | None,
        **others: Any,
    ) -> None:
        from caloexport.converters.readers import Choices

        command(*args, choices=Choices(steps, weights, variables, signature, take), **others)

    return wrapped
