"""Several models in one picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from caloexport.report.figures.draw_panel import places_of
from caloexport.report.figures.draw_picture import draw_picture
from caloexport.report.figures.overlaid import overlaid
from caloexport.report.figures.picture import ImagePanel, Panel, Picture, Series
from caloexport.report.figures.style import SAMPLES


def series(*values: float) -> Series:
    return Series(np.array(values), np.full(len(values), 0.1))


def panel(generated: Series, title: str = "1 GeV", edges: float = 2.0) -> Panel:
    return Panel(
        title, "x", "y", np.array([0.0, 1.0, edges]), series(2.0, 3.0), generated,
        notes=("of one model",), curves=(np.zeros(2), np.zeros(2), np.zeros(2)),
    )  # fmt: skip


def picture(*panels: Panel, name: str = "depth") -> Picture:
    return Picture(name, "depth", [panels])


ONE, OTHER, THIRD = series(2.0, 3.0), series(2.2, 3.3), series(1.0, 9.0)


def test_the_reference_is_shown_once_with_the_points_of_all_models() -> None:
    [joined] = overlaid([[picture(panel(one))] for one in (ONE, OTHER, THIRD)])
    [[made]] = joined.rows
    assert [one.generated for one in made.each] == [ONE, OTHER, THIRD]
    assert (made.notes, made.curves) == ((), None)
    told = made.to_json()
    assert told["reference"]["values"] == [2.0, 3.0]
    assert [one["values"] for one in told["generated"]] == [[2.0, 3.0], [2.2, 3.3], [1.0, 9.0]]
    assert [one["values"] for one in told["ratio"]] == [[1.0, 1.0], [1.1, 1.1], [0.5, 3.0]]


def test_one_model_is_told_as_ever() -> None:
    told = panel(OTHER).to_json()
    assert told["generated"]["values"] == [2.2, 3.3]
    assert told["ratio"]["values"] == [1.1, 1.1]


def test_panels_of_other_bins_titles_or_references_are_not_put_together() -> None:
    first = [picture(panel(ONE), panel(ONE, "8 GeV"))]
    for other in (panel(OTHER, edges=3.0), replace(panel(OTHER), reference=series(2.0, 4.0))):
        [joined] = overlaid([first, [picture(other, panel(OTHER, "8 GeV"))]])
        [[made]] = joined.rows
        assert made.title == "8 GeV"
    assert overlaid([first, [picture(panel(OTHER, "2 GeV"))]]) == []
    assert overlaid([first, [picture(panel(OTHER), name="radius")]]) == []


def test_images_have_room_for_one_model_only() -> None:
    grid = Series(np.ones((1, 1)), np.ones((1, 1)))
    edges = np.array([0.0, 1.0])
    image = ImagePanel("layer 0", "x", "y", edges, edges, "energy", grid, grid)
    assert overlaid([[Picture("cells", "cells", [image])]] * 2) == []


@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize("binned", [False, True])
def test_points_of_a_place_stand_beside_each_other_in_order(log_x: bool, binned: bool) -> None:
    x = np.array([1.0, 4.0, 16.0] if binned else [1.0, 4.0])
    made = Panel("", "x", "y", x, series(1, 1), ONE, log_x=log_x, others=(OTHER, THIRD))
    places = np.array([places_of(made, k) for k in range(3)])
    assert (np.diff(places, axis=0) > 0).all()
    alone = places_of(replace(made, others=()), 0)
    np.testing.assert_allclose(places[1], alone)
    if binned:
        assert (places > x[:-1]).all()
        assert (places < x[1:]).all()


def test_every_model_has_a_colour_a_marker_and_its_name() -> None:
    made = replace(panel(ONE), others=(OTHER, THIRD), notes=(), curves=None)
    figure = draw_picture(Picture("depth", "depth", [[made]]), "real", "gan", "vae", "flow")
    upper, lower = figure.axes
    for axes in (upper, lower):
        shown = {line.get_color() for line in axes.get_lines()}
        assert {colour for colour, _ in SAMPLES[:3]} <= shown
    [legend] = figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["reference: real", "generated: gan", "generated: vae", "generated: flow"]
    assert upper.get_ylim()[1] > 9.0
    assert lower.get_ylim() == pytest.approx((0.0, 2.0))
    # the names do not lie on the panel
    bottom = legend.get_window_extent(FigureCanvasAgg(figure).get_renderer()).y0
    assert bottom > upper.get_window_extent().y1
