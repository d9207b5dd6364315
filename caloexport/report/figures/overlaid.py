"""Pictures of several models in one: the reference once, the models beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caloexport.report.figures.picture import ImagePanel, Panel, Picture


def overlaid(pictures: Sequence[Sequence[Picture]]) -> list[Picture]:
    """Return the pictures that all models have, each with the points of all of them.

    Panels are put together where title, axis and reference are the same: a histogram, whose bins
    follow from both samples, may not be. Notes and curves, which tell of one model, are left out,
    and images of cells, of which there is no room for more.

    Args:
        pictures: those of each model against one reference.
    """
    first, *others = [{one.name: one for one in of_model} for of_model in pictures]
    made = []
    for name, picture in first.items():
        if all(name in of_model for of_model in others):
            rows = [
                _row(row, [of_model[name] for of_model in others])
                for row in picture.rows
                if not isinstance(row, ImagePanel)
            ]
            if any(rows):
                made.append(Picture(name, picture.title, [row for row in rows if row]))
    return made


def _row(row: Sequence[Panel], others: Sequence[Picture]) -> list[Panel]:
    joined = []
    for panel in row:
        if panel.trend is not None:  # it goes as far as one model was trained
            continue
        found = [_same(panel, picture) for picture in others]
        series = tuple(one.generated for one in found if one is not None)
        if len(series) == len(others):
            joined.append(replace(panel, others=series, notes=(), curves=None))
    return joined


def _same(panel: Panel, picture: Picture) -> Panel | None:
    """Return the panel of another model that shows the same of the same reference."""
    for row in picture.rows:
        for one in () if isinstance(row, ImagePanel) else row:
            titles = (one.title, one.x_label, one.y_label) == (
                panel.title,
                panel.x_label,
                panel.y_label,
            )
            values = (one.reference.values, panel.reference.values)
            if (
                titles
                and np.array_equal(one.x, panel.x)
                and np.array_equal(*values, equal_nan=True)
            ):
                return one
    return None
