"""The model that comes with caloexport."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

#: folder of the decoder that commands use when none is named
DEFAULT = "fastv-siw-scipb-pbwo4"


def default_decoder() -> Path:
    """Return the run folder of the shipped decoder.

    >>> default_decoder().name
    'fastv-siw-scipb-pbwo4'
    """
    return Path(str(files("caloexport"))) / "models" / DEFAULT
