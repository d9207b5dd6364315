"""What a meta-model's card tells of adapting it: a comparison as Markdown."""

from __future__ import annotations

from pathlib import Path

from caloexport.report.markdown_table import markdown_table
from caloexport.training.adapt.compare import PUBLISHED
from caloexport.training.adapt.outcome import read_outcome
from caloexport.training.adapt.table import comparison_table

#: where nothing was compared
NONE = "How much an adaptation saves was not compared for this card; `caloexport adapt --compare` does so."


def adaptation_section(comparison: Path | None) -> str:
    """Return the table of a comparison, the machine it was made on, and what MetaHEP publishes.

    Args:
        comparison: the ``comparison.json`` of ``caloexport adapt --compare``; None for none.

    Raises:
        InputFileError: another file, or a damaged one.
    """
    if comparison is None:
        return NONE
    courses, machine = read_outcome(comparison)
    seeds = len({one.seed for one in courses})
    made = (
        f"{_number(seeds, 'seed')} of each; {machine.get('processor')}, "
        f"{_number(machine.get('threads'), 'thread')} of TensorFlow."
    )
    return "\n\n".join(
        (markdown_table(comparison_table(courses)), made, f"Published: {PUBLISHED}.")
    )


def _number(value: object, of: str) -> str:
    """Write a number of things.

    >>> _number(1, "seed"), _number(3, "seed")
    ('1 seed', '3 seeds')
    """
    return f"{value} {of}" if value == 1 else f"{value} {of}s"
