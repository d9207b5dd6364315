from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from caloexport.report.page import Page


class Tags(HTMLParser):
    """Check that every tag is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page() -> Page:
    made = Page("A <title>", "100 % & more")
    made.heading("Numbers")
    made.paragraph("x < y")
    made.table(["name", "value"], [["a<b", 1.23456], ["yes", True]])
    made.verdict(True, "asked: < 3 %")
    made.picture("a.png", 'a "picture"')
    return made


def test_a_page_is_well_formed_and_escaped() -> None:
    text = page().render()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert "A &lt;title&gt;" in text and "a&lt;b" in text and "<b>" not in text


def test_a_page_needs_no_network() -> None:
    text = page().render()
    assert "http:" not in text and "https:" not in text and "<script" not in text


def test_numbers_are_short_and_right_aligned() -> None:
    made = page()
    made.table(["us"], [[21_423.7]])
    assert '<td class="number">1.235</td>' in made.render()
    assert '<td class="number">21,424</td>' in made.render()
    assert "<td>True</td>" in page().render()


def test_texts_of_a_column_are_aligned_to_the_right_on_demand() -> None:
    made = page()
    made.table(["metric", "gan"], [["r90", "1 ± 2"]], [False, True])
    assert '<th class="number">gan</th>' in made.render()
    assert '<td>r90</td><td class="number">1 ± 2</td>' in made.render()


def test_write(tmp_path: Path) -> None:
    page().write(tmp_path / "index.html")
    assert (tmp_path / "index.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_drawing_is_part_of_the_page() -> None:
    made = page()
    made.drawing('<svg viewBox="0 0 1 1"></svg>', "a < b")
    text = made.render()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert (
        '<figure class="paper"><svg viewBox="0 0 1 1"></svg><figcaption>a &lt; b</figcaption>'
        in text
    )
