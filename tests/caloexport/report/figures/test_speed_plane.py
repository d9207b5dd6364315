"""Published models and ours in the plane of a number and the time for a shower."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.report.figures.draw_plane import draw_plane
from caloexport.report.figures.save import save_figure
from caloexport.report.figures.speed_plane import SpeedPlane, speed_planes
from caloexport.report.speed import Speed
from caloexport.validation.distances import DistanceResult
from caloexport.validation.published import load_published
from caloexport.validation.standing import places

TABLE = load_published("calochallenge2")
SPEED = Speed(100, 250.0, 240.0, 260.0, "compiled kernels")


def result(name: str, value: float, error: float, *departures: str) -> DistanceResult:
    return DistanceResult(
        name, value, error, 0.01, 0.001, 60_000, 60_000, "calochallenge", 362, (), departures
    )


def planes(*results: DistanceResult, speed: Speed | None = SPEED) -> list[SpeedPlane]:
    return speed_planes(places(TABLE, results), "folder/ours.onnx", speed)


def test_every_number_with_a_place_has_a_plane() -> None:
    found = planes(result("fpd", 0.2, 0.01), result("kpd", 0.1, 0.01), result("auc_low", 0.7, 0.01))
    assert [one.name for one in found] == ["speed-fpd", "speed-auc-low"]
    fpd, low = found
    assert (fpd.log_y, low.log_y) == (True, False)
    [ours] = fpd.ours
    assert (ours.name, ours.cpu_ms, ours.value, ours.error) == ("ours.onnx", 0.25, 0.2, 0.01)
    best = fpd.published[0]
    assert (best.name, best.family, best.cpu_ms) == ("CaloDREAM", "flow matching", 1.694e4)
    assert (best.value, best.error) == pytest.approx((0.02465, 0.001))
    assert [one.value for one in low.published] == sorted(one.value for one in low.published)
    assert len(low.published) == 17
    assert fpd.geant4 is not None
    assert (fpd.geant4.value, fpd.geant4.error) == pytest.approx((0.01078, 0.00079))
    assert speed_planes(None, "ours", SPEED) == []


def test_axes_hold_all_that_is_drawn() -> None:
    for value in (0.0, 1e-4, 30.0):  # FPD may be 0, which has no logarithm
        [plane] = planes(result("fpd", value, 0.01))
        (left, right), (low, high) = plane.limits
        assert plane.geant4 is not None
        drawn = [*plane.published, *plane.ours, plane.geant4]
        assert all(low < one.value < high for one in drawn if one.value > 0)
        assert all(left < one.cpu_ms < right for one in drawn if one.cpu_ms)
        assert low > 0


def test_notes_tell_whose_times_these_are_and_what_does_not_compare() -> None:
    [plane] = planes(result("fpd", 0.2, 0.01))
    assert len(plane.notes) == 1
    assert "published on their hardware" in plane.notes[0]
    assert "ours by one short measurement here" in plane.notes[0]
    [plane] = planes(result("fpd", 0.2, 0.01, "draws of 256 showers", "cells"), speed=None)
    assert "ours is not known" in plane.notes[0]
    assert plane.notes[1] == "Not comparable: draws of 256 showers; cells."
    assert plane.ours[0].cpu_ms is None


@pytest.mark.parametrize("speed", [SPEED, None])
def test_it_is_drawn_and_written(speed: Speed | None, tmp_path: Path) -> None:
    [plane] = planes(result("fpd", 0.0, 0.01), speed=speed)
    told = json.loads(json.dumps(plane.to_json(), allow_nan=False))
    assert told["name"] == "speed-fpd"
    assert len(told["published"]) == 17
    figure = draw_plane(plane)
    texts = [text.get_text() for text in figure.texts]
    assert any(text.endswith("ours.onnx") for text in texts)
    assert any("17 CaloVAE+INN" in text for text in texts)
    [axes] = figure.axes
    assert [text.get_text() for text in axes.texts] == [str(k) for k in range(1, 18)]
    save_figure(figure, tmp_path / "plane.svg")
    assert (tmp_path / "plane.svg").stat().st_size > 10_000
