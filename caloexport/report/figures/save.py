"""Write a picture whole or not at all; the same picture gives the same file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from caloexport.report.figures.style import DPI, SETTINGS
from caloexport.runtime.errors import UsageError
from caloexport.runtime.files import atomic_output

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: format -> what must be left out for a reproducible file
METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def picture_suffix(path: Path) -> str:
    """Return the suffix of a picture's path.

    Raises:
        UsageError: not a kind of picture that we write.

    >>> picture_suffix(Path("shower.PNG"))
    '.png'
    """
    suffix = path.suffix.lower()
    if suffix not in METADATA:
        message = f"'{path.name}' does not end in {', '.join(METADATA)}"
        raise UsageError(message, hint="the suffix chooses the kind of picture")
    return suffix


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, by suffix, on a white background.

    Raises:
        UsageError: another suffix.
        OutputFileError: the place cannot be written.
    """
    import matplotlib as mpl

    path = Path(path)
    suffix = picture_suffix(path)
    with atomic_output(path) as temporary, mpl.rc_context(SETTINGS):
        figure.savefig(temporary, format=suffix[1:], dpi=DPI, metadata=METADATA[suffix])
