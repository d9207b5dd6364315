from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from caloexport.training.curves.panels import Curve, Panel
from caloexport.training.curves.terminal import EMPTY, ROWS, Live, braille
from tests.caloexport.training.curves.history import gan


def lines(live: Live, width: int) -> list[str]:
    console = Console(width=width, legacy_windows=False)
    with console.capture() as captured:
        console.print(live.drawing(width))
    return captured.get().splitlines()


def test_a_straight_line_climbs_from_corner_to_corner() -> None:
    updates = np.linspace(0.0, 10.0, 50)
    masks, _ = braille(Panel("x", (Curve("x", updates, updates),)), 12)
    assert masks.shape == (ROWS, 12)
    filled = [np.flatnonzero(row).tolist() for row in masks]
    assert filled[-1][0] == 0 and filled[0][-1] == 11  # first and last column, bottom and top
    upwards = [column for row in reversed(filled) for column in row]
    assert upwards == sorted(upwards)


def test_a_curve_is_joined_up_over_every_column() -> None:
    updates = np.arange(40.0)
    jumping = Curve("x", updates, np.where(updates < 15, 0.0, 1.0))
    masks, _ = braille(Panel("x", (jumping,)), 20)
    assert (masks != 0).any(axis=0).all()
    step = np.flatnonzero((masks != 0).sum(axis=0) == ROWS)
    assert len(step) >= 1  # the jump is a wall


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_the_drawing_fits_the_terminal_and_names_what_it_draws(width: int) -> None:
    drawn = lines(Live(gan(20)), width)
    assert all(len(line) <= width for line in drawn)
    assert len(drawn) <= ROWS + 4
    text = "\n".join(drawn)
    assert "score 3 (best 2)" in text
    assert any(ord(character) > EMPTY for character in text)
    assert ("critic 1 distance 0.45 (0.475)" in text) == (width >= 100)


def test_there_is_nothing_to_draw_of_one_row_or_in_a_narrow_place() -> None:
    assert lines(Live(gan(1)), 100) == lines(Live(gan(9)), 20) == [""]


def test_the_drawing_is_made_anew_when_a_row_comes() -> None:
    rows = gan(5)
    live = Live(rows)
    first = live.drawing(100)
    assert live.drawing(100) is first
    rows += gan(6)[5:]
    assert live.drawing(100) is not first
