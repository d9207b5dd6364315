"""The page as text: whole, safe, the same for the same input."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from caloexport.report.figures import histogram
from caloexport.report.html.comparison_page import SCHEMA
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import open_showers, sample
from tests.caloexport.report.html.pages import EVIL, context, cylinder_showers, made_page
from tests.caloexport.validation.window_showers import window_showers


class Scripts(HTMLParser):
    """The script elements of a page, and the text of all others."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.text = ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data
        else:
            self.text += data


def rendered(reference: Any, generated: Any, name: str = "b.h5") -> str:
    page, verdict = made_page(reference, generated)
    return page.render(verdict, context(name))


@pytest.fixture(scope="module")
def text() -> str:
    return rendered(cylinder_showers(1, "a.h5"), cylinder_showers(2, "b.h5"))


def data_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Scripts(text).scripts[0])
    return found


def test_the_same_input_gives_the_same_bytes(text: str) -> None:
    again = rendered(cylinder_showers(1, "a.h5"), cylinder_showers(2, "b.h5"))
    assert text == again
    assert text != rendered(cylinder_showers(1, "a.h5"), cylinder_showers(3, "b.h5"))


def test_names_cannot_break_out_of_the_page() -> None:
    evil = rendered(cylinder_showers(1, "a.h5", n=8), cylinder_showers(2, EVIL, n=8), EVIL)
    found = Scripts(evil)
    assert len(found.scripts) == 2
    assert "alert" not in found.scripts[1]
    assert data_of(evil)["generated"] == EVIL
    assert found.text.count(EVIL) >= 3
    assert "<b>" not in evil


def test_names_that_are_no_text_are_written(tmp_path: Path) -> None:
    """Names of files are bytes; what is no UTF-8 among them, Python keeps as half of a letter."""
    odd = "odd\udcff.h5"
    page, verdict = made_page(cylinder_showers(1, odd, n=8), cylinder_showers(2, odd, n=8))
    page.write(tmp_path / "page.html", verdict, context(odd))
    assert "odd?.h5" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_metrics_that_are_no_numbers_are_none() -> None:
    page, verdict = made_page(cylinder_showers(1, n=8), cylinder_showers(2, n=8))
    windows = [dict(window) for window in verdict.windows]
    windows[0]["metrics"] = {"odd": {"value": math.nan, "error": math.inf, "floor": 1.0}}
    told = data_of(page.render(replace(verdict, windows=windows), context()))
    [odd] = [one for one in told["verdict"]["metrics"] if one["name"] == "odd"]
    assert (odd["value"], odd["error"], odd["floor"]) == (None, None, 1.0)


def test_only_its_own_script_and_style_may_run(text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    script = Scripts(text).scripts[1]
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    for part in (script, style):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert " style=" not in text


def test_nothing_comes_from_elsewhere(text: str) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'`]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of SVG, not a place
    assert not re.search(r"<(link|img|iframe|object)\b|@import|url\(|<script[^>]* src", text)


def test_it_holds_verdict_figures_showers_and_card(text: str) -> None:
    data = data_of(text)
    assert data["schema"] == SCHEMA
    assert data["verdict"]["schema"] == "caloexport.validate/1"
    assert [part["label"] for part in data["parts"]] == ["all", "60°", "90°"]
    every = data["parts"][0]
    assert every["energies"] == ["1 GeV", "4 GeV"]
    names = {picture["name"] for picture in every["pictures"]}
    assert {"total-energy", "cell-spectrum", "longitudinal-profile", "energy-response"} <= names
    assert data["card"] == [["name", "b.h5"]]
    assert len(data["showers"]["pairs"]) == 24
    told = Scripts(text).text
    for check in data["verdict"]["checks"]:
        assert check["code"] in told
        assert check["title"] in told
    assert "mean of E/E_inc" in told
    assert "floor" in told


def test_what_stays_undecided_stands_beside_the_verdict() -> None:
    page, verdict = made_page(cylinder_showers(1, "a.h5", n=16), cylinder_showers(2, "b.h5", n=16))
    assert verdict.passed
    assert "EN002" in verdict.undecided
    found = Scripts(page.render(verdict, context())).text
    assert f"{verdict.open_text}." in found
    assert "EN002 (takes about " in found


def test_a_failure_is_explained() -> None:
    wrong = cylinder_showers(2, "b.h5")
    read = wrong.read() * 1.2
    wrong._read_block = lambda start, stop: read[start:stop]
    page, verdict = made_page(cylinder_showers(1, "a.h5"), wrong)
    found = Scripts(page.render(verdict, context())).text
    assert not verdict.passed
    assert "Fail" in found
    assert "EN001" in found
    assert "Why it matters: calibrations hold" in found


def test_cells_that_are_no_energies_leave_a_page_without_showers() -> None:
    broken = cylinder_showers(2, "b.h5", n=8)
    cells = broken.read()
    cells[3, 0, 0, 0] = float("nan")
    broken._read_block = lambda start, stop: cells[start:stop]
    page, verdict = made_page(cylinder_showers(1, "a.h5", n=8), broken)
    found = page.render(verdict, context())
    assert data_of(found)["showers"]["pairs"] == []
    assert "There are no showers to show" in Scripts(found).text


def test_windows_show_layers_and_places() -> None:
    text = rendered(window_showers(n=12), window_showers(n=12, seed=1))
    data = data_of(text)
    groups = {picture["group"] for picture in data["parts"][0]["pictures"]}
    assert groups == {"Showers", "Observables", "Impact and alignment"}
    images = [p for p in data["parts"][0]["pictures"] if p["name"] == "shower-image"]
    assert len(images[0]["panels"]) == 4
    assert len(data["showers"]["pairs"][0]["reference"]["lower_edges"]) == 4
    assert "χ²/ndf of profiles by alignment" in Scripts(text).text


def test_it_needs_no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert rendered(cylinder_showers(1, n=4), cylinder_showers(2, n=4))


def test_it_stays_small_for_real_showers() -> None:
    """Pages do not grow with the number of showers: 256 fill all pairs and panels."""
    with open_showers(sample("siw")) as showers:
        assert isinstance(showers.mesh, CylinderMesh)
        text = rendered(showers, showers)
    assert len(text.encode()) < 2_500_000


def test_it_does_not_grow_with_the_number_of_showers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once histograms have all their bins, more showers add no bytes."""
    monkeypatch.setattr(histogram, "MOST_BINS", histogram.FEWEST_BINS)
    sizes = [
        len(rendered(cylinder_showers(1, n=n), cylinder_showers(2, n=n)).encode())
        for n in (100, 800)
    ]
    assert sizes[1] < 1.05 * sizes[0]
