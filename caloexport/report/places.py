"""Places that a comparison writes to, looked at before minutes of reading and not after them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from caloexport.converters.run_folder import keep_model
from caloexport.runtime.errors import OutputFileError, UsageError
from caloexport.runtime.files import refuse_to_replace, require_place

#: endings of the files of figures
FIGURES = (".svg", ".png", ".pdf")


def require_places(figures: Path | None, html: Path | None, read: Iterable[Path]) -> None:
    """Refuse places that cannot be written, that are read from, or that are in each other's way.

    Args:
        figures: folder to make, or None.
        html: page to write, or None.
        read: files, artifacts and runs that are compared.

    Raises:
        OutputFileError: a parent that does not exist, a folder for a file or a file for a folder,
            a folder that holds what no figure is.
        UsageError: what is read would be replaced, or the page lies in the folder of figures.
    """
    if html is not None:
        require_place(html)
    if figures is not None:
        require_place(figures, folder=True)
    for source in read:
        for written in (figures, html):
            if written is not None:
                refuse_to_replace(source, written)
                keep_model(source, written)
    if figures is not None:
        _require_figures_alone(figures)
    if figures is None or html is None:
        return
    if figures.resolve() in (html.resolve(), html.resolve().parent):
        message = "lies in the folder of figures, which is replaced as a whole"
        raise UsageError(message, where=str(html), hint="write the page beside the folder")


def _require_figures_alone(folder: Path) -> None:
    """Refuse a folder with files that are no figures: it is somebody's, and no earlier result."""
    files = [one for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []
    others = {one.name for one in files if one.suffix not in FIGURES} - {"figures.json"}
    if others:
        message = f"holds '{min(others)}', which would be lost"
        raise OutputFileError(message, where=str(folder), hint="choose another place")
