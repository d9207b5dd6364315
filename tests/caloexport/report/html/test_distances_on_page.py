"""Distances on the page: tables, places among published results, and the plane against time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.report.html.comparison_page import ComparisonPage
from caloexport.report.speed import Speed
from caloexport.validation.distances import DistanceResult
from caloexport.validation.published import load_published
from caloexport.validation.standing import places
from caloexport.validation.verdict import Verdict
from tests.browser import browser, open_page
from tests.caloexport.report.html.pages import context, cylinder_showers, made_page

SPEED = Speed(100, 250.0, 240.0, 260.0, "compiled kernels")
RESULTS = [
    DistanceResult("fpd", 0.2, 0.01, 0.011, 0.001, 80, 80, "calochallenge", 362, (), ("draws",)),
    DistanceResult("auc_high", 0.7, 0.01, 0.5, 0.01, 80, 80, "calochallenge", 362),
    DistanceResult("coverage", 0.9, 0.01, 0.97, 0.01, 40, 40, "cells", 120, notes=("of 40",)),
]


@pytest.fixture(scope="module")
def made() -> tuple[ComparisonPage, Verdict]:
    return made_page(cylinder_showers(1, "a.h5", n=12), cylinder_showers(2, "b.h5", n=12))


@pytest.fixture(scope="module")
def verdict(made: tuple[ComparisonPage, Verdict]) -> Verdict:
    placed = places(load_published("calochallenge2"), RESULTS)
    return replace(made[1], distances=RESULTS, published=placed)


def test_distances_and_places_stand_in_a_section(
    made: tuple[ComparisonPage, Verdict], verdict: Verdict
) -> None:
    text = made[0].render(verdict, replace(context(), speed=SPEED))
    section = text.split('id="distances"')[1].split("</section>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", section)
    for expected in ("0.200 ± 0.010", "362 calochallenge", "5 of 18 *", "4 of 18"):
        assert expected in cells
    assert "conv. L2LFlows 0.1574" in cells
    assert "* not comparable: draws" in section
    assert "coverage: of 40" in section
    report = json.loads(text.split('id="report">')[1].split("</script>")[0])
    assert [one["name"] for one in report["planes"]] == ["speed-fpd", "speed-auc-high"]
    assert report["planes"][0]["ours"][0]["cpu_ms"] == 0.25
    assert report["verdict"]["distances"][2]["n_features"] == 120


def test_without_distances_there_is_no_section(made: tuple[ComparisonPage, Verdict]) -> None:
    text = made[0].render(made[1], context())
    assert 'id="distances"' not in text
    assert 'href="#distances"' not in text


@pytest.mark.system
def test_the_plane_is_drawn_and_the_number_chosen(
    made: tuple[ComparisonPage, Verdict], verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    made[0].write(path, verdict, replace(context(), speed=SPEED))
    with browser() as started:
        opened = open_page(started, path)
        place = opened.page.locator("#plane-place")
        assert place.locator(".plane-mark").count() == 17
        assert place.locator(".plane-ours polygon").count() == 1
        assert place.locator(".plane-key .ours").all_text_contents() == ["b.h5"]
        title = place.locator(".plane-mark title").first.text_content()
        assert title == "CaloDREAM: 0.02465 ± 0.001, 16940 ms"
        place.get_by_label("Number").select_option("1")
        assert "AUC of high-level features" in place.locator("h3").text_content()
        place.locator("summary").click()
        assert place.locator("tbody tr").count() == 19
        assert opened.complaints == []
        assert opened.requests == []
