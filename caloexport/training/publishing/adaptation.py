"""What a meta-model's card tells of adapting it: a comparison as Markdown."""

from __future__ import annotations

from pathlib import Path

from caloexport.training.adapt.outcome import read_outcome
from caloexport.training.adapt.table import comparison_markdown

#: where nothing was compared
NONE = "How much an adaptation saves was not compared for this card; `caloexport adapt --compare` does so."


def adaptation_section(comparison: Path | None) -> str:
    """Return the tables of a comparison, the machine it was made on, and what MetaHEP publishes.

    Args:
        comparison: the ``comparison.json`` of ``caloexport adapt --compare``; None for none.

    Raises:
        InputFileError: another file, or a damaged one.
    """
    return NONE if comparison is None else comparison_markdown(read_outcome(comparison))
