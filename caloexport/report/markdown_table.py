"""A table for a terminal, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def markdown_table(table: Table) -> str:
    """Return a table of plain texts with its title above and its caption below.

    >>> from rich.table import Table
    >>> table = Table(title="response")
    >>> table.add_column("energy"); table.add_column("ratio", justify="right")
    >>> table.add_row("1 GeV", "0.998")
    >>> print(markdown_table(table))
    **response**
    <BLANKLINE>
    | energy | ratio |
    | --- | ---: |
    | 1 GeV | 0.998 |
    """
    headings = [str(column.header) for column in table.columns]
    rules = ["---:" if column.justify == "right" else "---" for column in table.columns]
    rows = zip(*(map(_text, column.cells) for column in table.columns), strict=True)
    lines = [_line(headings), _line(rules), *map(_line, rows)]
    above = [f"**{table.title}**", ""] if table.title else []
    below = ["", _text(table.caption)] if table.caption else []
    return "\n".join((*above, *lines, *below))


def _text(value: object) -> str:
    """Write what Markdown must not take for a mark.

    >>> _text("a|b *")
    'a\\\\|b \\\\*'
    """
    return str(value).replace("|", "\\|").replace("*", "\\*")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
