"""The page in a real browser: no complaint, no request; what one does changes what one sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caloexport.report.figures.picture import ImagePanel
from caloexport.runtime.mesh import CylinderMesh
from tests.browser import OpenPage, browser, open_page
from tests.caloexport.report.html.pages import EVIL, context, cylinder_showers, made_page
from tests.caloexport.validation.window_showers import window_showers

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def opened(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> OpenPage:
    path = tmp_path_factory.mktemp("page") / "report.html"
    page, verdict = made_page(cylinder_showers(1, "a.h5", n=12), cylinder_showers(2, EVIL, n=12))
    page.write(path, verdict, context(EVIL))
    return open_page(chromium, path)


def pixels(opened: OpenPage, number: int) -> bytes:
    """Return what a canvas shows, two frames later."""
    script = """(number) => new Promise((done) => requestAnimationFrame(() =>
        requestAnimationFrame(() => done(document.querySelectorAll("canvas")[number].toDataURL()))))"""
    return str(opened.page.evaluate(script, number)).encode()


def choose(opened: OpenPage, label: str, value: str) -> None:
    opened.page.get_by_label(label, exact=True).select_option(value)


def titles(opened: OpenPage) -> list[str]:
    found: list[str] = opened.page.locator("#figure-place svg .title").all_text_contents()
    return found


def test_dragging_and_keys_rotate_both_showers(opened: OpenPage) -> None:
    canvas = opened.page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    before = [pixels(opened, 0), pixels(opened, 1)]
    assert before[0] != before[1]
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 60, y + 20)
    opened.page.mouse.up()
    dragged = [pixels(opened, 0), pixels(opened, 1)]
    assert all(one != other for one, other in zip(before, dragged, strict=True))
    opened.page.mouse.move(x - 60, y - 20)  # no button is held
    assert pixels(opened, 1) == dragged[1]
    canvas.focus()
    opened.page.keyboard.press("ArrowLeft")
    assert pixels(opened, 1) != dragged[1]
    opened.page.keyboard.press("0")
    opened.page.get_by_role("button", name="Zoom in").click()
    assert pixels(opened, 0) != before[0]
    opened.page.get_by_role("button", name="Reset the view").click()
    opened.page.wait_for_timeout(300)  # painted in full after a pause
    assert [pixels(opened, 0), pixels(opened, 1)] == before


def test_threshold_and_scale_change_the_cells(opened: OpenPage) -> None:
    canvas = opened.page.locator("canvas").first
    counts = []
    for value in ("-6", "-1"):
        opened.page.get_by_label("Cells above").fill(value)
        pixels(opened, 0)
        counts.append(int(canvas.get_attribute("data-cells")))
    assert counts[0] > counts[1] > 0
    assert f"{counts[1]} cells shown" in canvas.get_attribute("aria-label")
    before = pixels(opened, 0)
    choose(opened, "Scale", "linear")
    assert pixels(opened, 0) != before


def test_one_steps_through_showers(opened: OpenPage) -> None:
    facts = opened.page.locator("#shower-place .facts").first
    before = (facts.text_content(), pixels(opened, 0))
    opened.page.get_by_role("button", name="Next shower").click()
    assert (facts.text_content(), pixels(opened, 0))[0] != before[0]
    assert pixels(opened, 0) != before[1]


def test_figure_energy_and_angle_can_be_chosen(opened: OpenPage) -> None:
    choose(opened, "Figure", "total-energy")
    assert titles(opened) == ["1 GeV", "4 GeV"]
    choose(opened, "Energy", "4 GeV")
    assert titles(opened) == ["4 GeV"]
    drawing = opened.page.locator("#figure-place svg").first
    before = drawing.inner_html()
    choose(opened, "Showers", "1")
    assert opened.page.locator("#figure-place svg").first.inner_html() != before
    opened.page.get_by_role("button", name="Next figure").click()
    assert opened.page.locator("#figure-place h3").text_content() != "Total energy"
    choose(opened, "Energy", "")


def test_numbers_stand_behind_a_figure(opened: OpenPage) -> None:
    choose(opened, "Figure", "longitudinal-profile")
    opened.page.locator("#figure-place summary").first.click()
    rows = opened.page.locator("#figure-place table").first.locator("tbody tr")
    rows.first.wait_for()
    assert rows.count() == 5
    assert rows.first.locator("td").first.text_content() == "0 to 3"
    # the page computes ratios itself: as python, for the part that is chosen
    page, _ = made_page(cylinder_showers(1, "a.h5", n=12), cylinder_showers(2, EVIL, n=12))
    pictures = page.parts["60°"].at_every_energy
    [profile] = [one for one in pictures if one.name == "longitudinal-profile"]
    row = profile.rows[0]
    assert not isinstance(row, ImagePanel)
    values, errors, _ = row[0].comparison()
    for k, (value, error) in enumerate(zip(values, errors, strict=True)):
        told = rows.nth(k).locator("td").all_text_contents()
        assert float(told[5]) == pytest.approx(value, rel=2e-3)
        assert float(told[6]) == pytest.approx(error, rel=0.06)


def test_figures_and_numbers_can_be_saved(opened: OpenPage, tmp_path: Path) -> None:
    saved = {}
    for name in ("SVG", "JSON"):
        with opened.page.expect_download() as waiting:
            opened.page.locator("#figure-place").get_by_text(name, exact=True).first.click()
        waiting.value.save_as(tmp_path / name)
        saved[waiting.value.suggested_filename] = (tmp_path / name).read_text(encoding="utf-8")
    drawing = saved["longitudinal-profile-1.svg"]
    assert drawing.startswith("<?xml")
    assert "class=" not in drawing
    assert '"rgb(0, 114, 178)"' in drawing  # the reference's colour on white
    assert '"y_label": "mean energy per bin / MeV"' in saved["longitudinal-profile-1.json"]


def test_dark_and_light(opened: OpenPage) -> None:
    def background() -> str:
        return str(opened.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    before, shower = background(), pixels(opened, 0)
    opened.page.locator("#theme").click()
    assert background() != before
    assert pixels(opened, 0) != shower
    opened.page.locator("#theme").click()
    assert (background(), pixels(opened, 0)) == (before, shower)


def test_paper_holds_every_figure(opened: OpenPage) -> None:
    before = len(titles(opened))
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    headings = opened.page.locator("#figure-place h3").all_text_contents()
    options = opened.page.get_by_label("Figure", exact=True).locator("option").all_text_contents()
    elsewhere = {"Energy response and resolution"}  # of all showers, in a section of its own
    assert len(headings) > len(elsewhere)
    assert set(headings) - elsewhere == set(options) - elsewhere
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(titles(opened)) == before


def test_paper_shows_few_of_many_energies(chromium: Any, tmp_path: Path) -> None:
    energies = (1e3, 2e3, 4e3, 8e3, 16e3, 32e3)
    samples = [cylinder_showers(seed, n=6, energies_mev=energies) for seed in (1, 2)]
    page, verdict = made_page(*samples)
    page.write(tmp_path / "p.html", verdict, context())
    paper = open_page(chromium, tmp_path / "p.html")
    choose(paper, "Figure", "total-energy")
    assert len(titles(paper)) == 6
    paper.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    told = paper.page.locator("#figure-place .figures > .note").text_content()
    assert told == "Showers: all. Energies: 1 GeV, 8 GeV, 32 GeV, the others on the screen."
    total = paper.page.locator("#figure-place section", has_text="Total energy").last
    assert total.locator("svg .title").all_text_contents() == ["1 GeV", "8 GeV", "32 GeV"]
    paper.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    choose(paper, "Energy", "2 GeV")
    paper.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "Energies: 2 GeV," in paper.page.locator("#figure-place .figures").text_content()


def test_names_are_text(opened: OpenPage) -> None:
    assert opened.page.locator("h1").text_content() in EVIL
    assert opened.page.locator("h1 *").count() == 0


def test_a_check_leads_to_its_figure(opened: OpenPage) -> None:
    choose(opened, "Showers", "0")
    opened.page.locator(".checks").get_by_role("link", name="CO001").click()
    assert opened.page.locator("#figure-place h3").text_content().startswith("Correlations")
    assert opened.page.evaluate("location.hash") == "#figures"
    opened.page.locator(".checks").get_by_role("link", name="EN001").click()
    assert opened.page.evaluate("location.hash") == "#response"
    assert opened.page.locator("#figure-place h3").text_content().startswith("Correlations")


def test_figures_that_showers_lack_are_not_offered(opened: OpenPage) -> None:
    response = opened.page.locator('#figure-place option[value="energy-response"]')
    for part, offered in (("1", True), ("0", False)):
        choose(opened, "Showers", part)
        assert response.is_enabled() == offered
    choose(opened, "Showers", "1")
    choose(opened, "Figure", "energy-response")
    choose(opened, "Showers", "0")
    assert opened.page.get_by_label("Figure", exact=True).input_value() == "longitudinal-profile"
    assert len(titles(opened)) == 2


def test_matrices_are_told_by_colour_and_number(opened: OpenPage) -> None:
    choose(opened, "Figure", "layer-correlation")
    choose(opened, "Energy", "4 GeV")
    assert titles(opened) == [
        "4 GeV: reference",
        "4 GeV: generated",
        "4 GeV: generated − reference",
    ]
    notes = opened.page.locator("#figure-place .note").all_text_contents()
    assert len(notes) == 1
    assert notes[0].startswith("rms difference 0.")
    opened.page.locator("#figure-place summary").click()
    opened.page.locator("#figure-place table").wait_for()
    head = opened.page.locator("#figure-place th").all_text_contents()
    assert head[2:] == ["reference", "generated", "difference"]
    cells = [float(cell.replace("−", "-")) for cell in
             opened.page.locator("#figure-place tbody tr").nth(1).locator("td").all_text_contents()[2:]]  # fmt: skip
    assert cells[2] == pytest.approx(cells[1] - cells[0], abs=1e-3)
    choose(opened, "Energy", "")


def test_large_matrices_are_pictures_that_tell_their_numbers(chromium: Any, tmp_path: Path) -> None:
    """Thousands of shapes would make a page slow."""
    mesh = CylinderMesh(1, 1, 30, 2.0, 3.0)
    samples = [cylinder_showers(seed, n=10, mesh=mesh) for seed in (1, 2)]
    page, verdict = made_page(*samples)
    page.write(tmp_path / "m.html", verdict, context())
    large = open_page(chromium, tmp_path / "m.html")
    choose(large, "Figure", "layer-correlation")
    images = large.page.locator("#figure-place svg image")
    assert images.count() == 6
    images.first.scroll_into_view_if_needed()
    box = images.first.bounding_box()
    large.page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    assert large.page.locator("#figure-place .cells > title").first.text_content() == "0, 0: 1"
    assert large.complaints == large.requests == []


def test_showers_without_a_reference_are_hollow_on_the_trend(chromium: Any, tmp_path: Path) -> None:
    reference = cylinder_showers(1, n=20)
    generated = cylinder_showers(2, n=20, energies_mev=(1e3, 4e3, 32e3))
    page, verdict = made_page(reference, generated)
    page.write(tmp_path / "t.html", verdict, context())
    trend = open_page(chromium, tmp_path / "t.html")
    choose(trend, "Figure", "trained-range")
    panel = trend.page.locator("#figure-place svg.drawing").first
    assert panel.locator("circle.alone").count() == 2  # above, and in the ratio
    assert panel.locator("path.reference.dashed").count() == 2  # below and above
    assert trend.complaints == []


def test_windows_on_a_phone(chromium: Any, tmp_path: Path) -> None:
    page, verdict = made_page(window_showers(n=8), window_showers(n=8, seed=1))
    page.write(tmp_path / "w.html", verdict, context())
    phone = open_page(chromium, tmp_path / "w.html", width=360, height=740)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    choose(phone, "Figure", "shower-image")
    assert phone.page.locator("#figure-place svg .cells").count() == 12
    assert phone.page.evaluate(wide) == 0
    assert len({pixels(phone, 0), pixels(phone, 1)}) == 2
    assert phone.complaints == phone.requests == []


def test_nothing_was_wrong_and_nothing_was_asked_for(opened: OpenPage) -> None:
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("blob:")] == []
