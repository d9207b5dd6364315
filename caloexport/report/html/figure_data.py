"""Pictures as the scripts of a page draw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.report.figures.picture import ImagePanel, Panel, Picture, Series, Trend
from caloexport.report.html.embedded import ERROR_DIGITS, short
from caloexport.validation.observables import observables

#: in the list to choose from
SHOWERS, OBSERVABLES, PLACES = "Showers", "Observables", "Impact and alignment"
OF_PLACES = ("impact", "configurations")
#: of the numbers of a grid, which are seen as colours
IMAGE_DIGITS = 3


def picture_data(picture: Picture) -> dict[str, Any]:
    """Return a picture as JSON."""
    panels: list[dict[str, Any]] = []
    for row in picture.rows:
        if isinstance(row, ImagePanel):
            panels.append(_image(row))
        else:
            panels += [_panel(panel) for panel in row]
    return {
        "name": picture.name,
        "title": picture.heading,
        "group": _group(picture.name),
        "panels": panels,
    }


def energy_labels(pictures: Sequence[dict[str, Any]]) -> list[str]:
    """Return the energies that panels are about, in their order."""
    labels = [panel["energy"] for picture in pictures for panel in picture["panels"]]
    return [label for label in dict.fromkeys(labels) if label]


def _group(name: str) -> str:
    if name.startswith(OF_PLACES):
        return PLACES
    key = name.replace("-", "_")
    is_profile = key in observables and observables[key].kind == "profile"
    return (
        OBSERVABLES if key in observables and not is_profile and key != "total_energy" else SHOWERS
    )


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "kind": "panel",
        "title": panel.title,
        "energy": panel.energy,
        "x_label": panel.x_label,
        "y_label": panel.y_label,
        "binned": panel.binned,
        "x": short(panel.x),
        "reference": _series(panel.reference),
        "generated": _series(panel.generated),
        "below": panel.below,
        "log_x": panel.log_x,
        "log_y": panel.log_y,
        "notes": list(panel.notes),
        "curves": None if panel.curves is None else [short(one) for one in panel.curves],
        "trend": None if panel.trend is None else _trend(panel.trend),
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "x": short(trend.x),
        **_series(trend.series),
        "low": trend.low,
        "high": trend.high,
        "expected": _series(trend.expected),
        "shaded": None if trend.shaded is None else list(trend.shaded),
    }


def _image(panel: ImagePanel) -> dict[str, Any]:
    """Return a grid; errors, which no image shows, would make up half of a page."""
    return {
        "kind": "image",
        "title": panel.title,
        "energy": panel.energy,
        "x_label": panel.x_label,
        "y_label": panel.y_label,
        "label": panel.label,
        "x": short(panel.x),
        "y": short(panel.y),
        "reference": {"values": short(panel.reference.values, IMAGE_DIGITS)},
        "generated": {"values": short(panel.generated.values, IMAGE_DIGITS)},
        "below": panel.below,
        # a difference is that of the numbers above
        "comparison": short(panel.ratio(), IMAGE_DIGITS) if panel.span is None else None,
        "span": panel.span,
        "notes": list(panel.notes),
    }


def _series(series: Series) -> dict[str, Any]:
    return {"values": short(series.values), "errors": short(series.errors, ERROR_DIGITS)}
