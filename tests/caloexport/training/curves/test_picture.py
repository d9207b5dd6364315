from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.training.curves import picture
from caloexport.training.curves.picture import write_curves
from tests.caloexport.training.curves.history import gan


def test_the_picture_is_written_twice_and_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    line = write_curves(gan(6), tmp_path)
    assert line == f"curves: {tmp_path / 'curves.svg'}, curves.png"
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(first) == ["curves.png", "curves.svg"]
    assert first["curves.png"].startswith(b"\x89PNG")
    assert b"</svg>" in first["curves.svg"]
    write_curves(gan(6), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_nothing_to_draw_is_said_in_a_line(tmp_path: Path) -> None:
    assert "not scored yet" in write_curves([], tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_line_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "installed", lambda name: name != "matplotlib")
    assert "pip install 'caloexport[plot]'" in write_curves(gan(3), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_does_not_end_the_training(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    line = write_curves(gan(3), tmp_path / "absent")
    assert line.startswith("no picture of the curves: ")
    assert "make the folder" in line
