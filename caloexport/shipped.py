"""Models that come with caloexport."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

#: folder of the decoder that commands use when none is named
DEFAULT = "fastv-siw-scipb-pbwo4"


def default_decoder() -> Path | None:
    """Return the artifact of the shipped decoder, or None when there is none.

    It is the first ``.safetensors`` file that holds a decoder in the model's folder.
    """
    folder = Path(str(files("caloexport"))) / "models" / DEFAULT
    found = sorted(p for p in folder.glob("*.safetensors") if ".manifest." not in p.name)
    return found[0] if found else None
