"""Write all figures that compare two samples into a folder, with the numbers behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.gathered import Frame, Gathered, frame_of
from caloexport.report.figures.picture import Picture
from caloexport.report.figures.save import save_figure
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.extras import require
from caloexport.runtime.files import atomic_output
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import Watch
from caloexport.validation.windows import Window, default_windows

SCHEMA = "caloexport.figures/1"
INDEX = "figures.json"
SUFFIXES = (".svg", ".png")

#: (pictures done, of how many, what is drawn)
Report = Callable[[int, int, str], None]


class ComparisonFigures:
    """All figures of a reference and a generated sample.

    Args:
        folder: to make; looked at before minutes of reading, not after.
        reference, generated: samples of one mesh, not read yet.
        windows: of the incident energy; None takes those of the reference.
        untrained_mev: energies that the generator was not trained on.

    Raises:
        MissingDependency: matplotlib is absent.
        OutputFileError: the folder cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        reference: Showers,
        generated: Showers,
        windows: Sequence[Window] | None = None,
        untrained_mev: Sequence[float] = (),
    ) -> None:
        require("matplotlib", extra="plot")
        if not folder.absolute().parent.is_dir():
            message = "cannot be made: its parent does not exist"
            hint = f"make the folder '{folder.parent}' first"
            raise OutputFileError(message, where=str(folder), hint=hint)
        self.folder = folder
        energies = np.asarray(reference.conditions["energy_mev"], dtype=np.float64)
        chosen = default_windows(energies) if windows is None else windows
        conditions = (reference.conditions, generated.conditions)
        self._frame = frame_of(reference.mesh, conditions, chosen, untrained_mev)
        self._sides = (_gather(self._frame, reference.name), _gather(self._frame, generated.name))

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """What has to see every block of the reference and of the generated sample."""
        return self._sides[0].watch, self._sides[1].watch

    @cached_property
    def pictures(self) -> list[Picture]:
        """All pictures, in numbers; ask when both samples were read."""
        return [
            picture
            for name in figures
            if figures[name].missing(self._frame) is None
            for picture in figures[name].pictures(*self._sides)
        ]

    def write(self, report: Report = lambda done, total, text: None) -> list[str]:
        """Draw every figure as SVG and PNG, and write ``figures.json``: all that is drawn.

        The folder appears when everything is drawn; a folder of earlier figures is replaced.

        Returns:
            names of the pictures.

        Raises:
            OutputFileError: the folder cannot be written, or holds something else.
        """
        reference, generated = (side.name for side in self._sides)
        reasons = {name: figures[name].missing(self._frame) for name in figures}
        index: dict[str, Any] = {
            "schema": SCHEMA,
            "reference": reference,
            "generated": generated,
            "energies_mev": list(self._frame.energies_mev),
            "pictures": [],
            "not_drawn": {name: reason for name, reason in reasons.items() if reason is not None},
        }
        with atomic_output(self.folder, folder=True) as temporary:
            for done, picture in enumerate(self.pictures):
                report(done, len(self.pictures), picture.name)
                _save(picture, temporary, reference, generated)
                files = [f"{picture.name}{suffix}" for suffix in SUFFIXES]
                index["pictures"].append({"files": files, **picture.to_json()})
            text = json.dumps(index, indent=1, allow_nan=False, ensure_ascii=False)
            (temporary / INDEX).write_text(text + "\n", encoding="utf-8")
        return [picture.name for picture in self.pictures]


def _gather(frame: Frame, name: str) -> Gathered:
    """Return what gathers a sample for all figures that its showers have."""
    needed = {
        key: make(frame)
        for key in figures
        if figures[key].missing(frame) is None and (make := figures[key].collector) is not None
    }
    return Gathered(frame, name, needed)


def _save(picture: Picture, folder: Path, reference: str, generated: str) -> None:
    drawn = draw_picture(picture, reference, generated)
    for suffix in SUFFIXES:
        save_figure(drawn, folder / f"{picture.name}{suffix}")
