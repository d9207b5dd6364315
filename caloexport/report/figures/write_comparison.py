"""Write all figures that compare two samples into a folder, with the numbers behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.draw_plane import draw_plane
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
        self.suffixes = [f".{name}" for name in FORMATS if name in formats]
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
        pictures = self.compared.pictures
        index: dict[str, Any] = {
            "schema": SCHEMA,
            "reference": reference,
            "generated": generated,
            "energies_mev": list(self.compared.frame.energies_mev),
            "pictures": [],
            "planes": [],
            "not_drawn": self.compared.missing,
        }
        with atomic_output(self.folder, folder=True) as temporary:
            for done, picture in enumerate(pictures):
                report(done, len(pictures), picture.name)
                files = [f"{picture.name}{suffix}" for suffix in self.suffixes]
                drawn = draw_picture(picture, reference, generated)
                for name in files:
                    save_figure(drawn, temporary / name)
                index["pictures"].append({"files": files, **picture.to_json()})
            for plane in self.planes:
                drawn = draw_plane(plane)
                files = [f"{plane.name}{suffix}" for suffix in self.suffixes]
                for name in files:
                    save_figure(drawn, temporary / name)
                index["planes"].append({"files": files, **plane.to_json()})
            text = json.dumps(index, indent=1, allow_nan=False, ensure_ascii=False)
            (temporary / INDEX).write_text(text + "\n", encoding="utf-8", errors="replace")
        return [*(one.name for one in pictures), *(one.name for one in self.planes)]
