"""Write all figures that compare two samples into a folder, with the numbers behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.draw_plane import draw_plane
from caloexport.report.figures.picture import Picture
from caloexport.report.figures.save import save_figure
from caloexport.report.figures.speed_plane import SpeedPlane
from caloexport.runtime.extras import require
from caloexport.runtime.files import atomic_output, require_place

SCHEMA = "caloexport.figures/1"
INDEX = "figures.json"
#: kinds of files, each picture as every one: for the web, for slides, for papers
FORMATS = ("svg", "png", "pdf")

#: (pictures done, of how many, what is drawn)
Report = Callable[[int, int, str], None]


class ComparisonFigures:
    """All figures of a reference and a generated sample.

    Attributes:
        planes: of published numbers, to be drawn too.

    Args:
        folder: to make; looked at before minutes of reading, not after.
        compared: what they show.
        formats: kinds of files to write, of :data:`FORMATS`.

    Raises:
        MissingDependency: matplotlib is absent.
        OutputFileError: the folder cannot be made.
    """

    def __init__(
        self, folder: Path, compared: ComparedPictures, formats: Sequence[str] = FORMATS
    ) -> None:
        require("matplotlib", extra="plot")
        require_place(folder, folder=True)
        self.folder = folder
        self.compared = compared
        self.formats = formats
        self.planes: Sequence[SpeedPlane] = ()

    def write(self, report: Report = lambda done, total, text: None) -> list[str]:
        """Draw every figure in each format, and write ``figures.json``: all that is drawn.

        The folder appears when everything is drawn; a folder of earlier figures is replaced.

        Returns:
            names of the pictures.

        Raises:
            OutputFileError: the folder cannot be written, or holds something else.
        """
        reference, generated = self.compared.names
        index = {
            "reference": reference,
            "generated": generated,
            "energies_mev": list(self.compared.frame.energies_mev),
            "not_drawn": self.compared.missing,
        }
        pictures, names = self.compared.pictures, (reference, generated)
        write_pictures(
            self.folder, pictures, names, index, self.formats, report, planes=self.planes
        )
        return [*(one.name for one in pictures), *(one.name for one in self.planes)]


def write_pictures(
    folder: Path,
    pictures: Sequence[Picture],
    names: Sequence[str],
    index: Mapping[str, Any],
    formats: Sequence[str] = FORMATS,
    report: Report = lambda done, total, text: None,
    *,
    planes: Sequence[SpeedPlane] = (),
) -> None:
    """Draw pictures in each format into a new folder, and write ``figures.json``.

    Args:
        folder: to make; a folder of earlier figures is replaced.
        pictures: to draw.
        names: of the reference and of what was generated, for the legends.
        index: what else ``figures.json`` says.
        formats: kinds of files, of :data:`FORMATS`.
        report: progress.
        planes: of published numbers, to draw behind the pictures.

    Raises:
        OutputFileError: the folder cannot be written, or holds something else.
    """
    told: dict[str, Any] = {"schema": SCHEMA, **index, "pictures": [], "planes": []}
    with atomic_output(folder, folder=True) as temporary:

        def save(name: str, drawn: Any) -> list[str]:
            files = [f"{name}.{kind}" for kind in FORMATS if kind in formats]
            for file in files:
                save_figure(drawn, temporary / file)
            return files

        for done, picture in enumerate(pictures):
            report(done, len(pictures), picture.name)
            files = save(picture.name, draw_picture(picture, *names))
            told["pictures"].append({"files": files, **picture.to_json()})
        for plane in planes:
            files = save(plane.name, draw_plane(plane))
            told["planes"].append({"files": files, **plane.to_json()})
        text = json.dumps(told, indent=1, allow_nan=False, ensure_ascii=False)
        (temporary / INDEX).write_text(text + "\n", encoding="utf-8", errors="replace")
