"""All sections of a family's configuration, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.training.heads import Head, read_head
from caloexport.training.settings import Schedule, read_section


def read_sections(
    kinds: Mapping[str, type], config: Mapping[str, Any], where: str = ""
) -> dict[str, Any]:
    """Read the sections that a family has, and [training], which all have.

    Args:
        kinds: settings class by section; ``Head`` for the one that chooses the last layers.
        config: the configuration.
        where: its file, for messages.

    Raises:
        CaloexportError: naming file, section and key that are wrong.

    >>> read_sections({}, {"training": {"batch": 32}})["training"].batch
    32
    """
    found: dict[str, Any] = {}
    for name, kind in {**kinds, "training": Schedule}.items():
        place = f"{where} [{name}]".lstrip()
        section = config[name]
        found[name] = (
            read_head(section, place) if kind is Head else read_section(kind, section, place)
        )
    return found
