from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.picture import Picture
from caloexport.report.models_outputs import ModelsOutputs
from caloexport.report.models_page import models_page
from caloexport.runtime.errors import OutputFileError, UsageError
from caloexport.validation.measurement import ignore
from caloexport.validation.models_compared import ModelsCompared, compare_verdicts
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge_each
from tests.caloexport.report.html.pages import EVIL, context, cylinder_showers
from tests.caloexport.report.test_page import Tags

REFERENCE = cylinder_showers(0, "reference")
MODELS = {"gan": cylinder_showers(1, "gan"), "vae": cylinder_showers(2, "vae")}


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    every = ComparedPictures.pictures.func

    def one_of(self: ComparedPictures) -> list[Picture]:
        return [one for one in every(self) if one.name == "longitudinal-profile"]

    monkeypatch.setattr(ComparedPictures, "pictures", property(one_of))


def judged(outputs: ModelsOutputs) -> ModelsCompared:
    models = list(MODELS.values())
    verdicts = judge_each(REFERENCE, models, load_profile(), watches=outputs.watches)
    return compare_verdicts(dict(zip(MODELS, verdicts, strict=True)))


def test_the_index_links_the_pages_and_all_of_them_hold_everything(tmp_path: Path) -> None:
    outputs = ModelsOutputs(None, tmp_path / "all.html", REFERENCE, MODELS, formats=("svg",))
    found = judged(outputs)
    evil = {name: replace(context(EVIL), machine=[("cpu", EVIL)]) for name in MODELS}
    places = outputs.write_pages(found, evil)
    assert [place.name for place in places] == ["all-gan.html", "all-vae.html", "all.html"]
    index = places[-1].read_text("utf-8")
    tags = Tags()
    tags.feed(index)
    assert tags.open == []
    assert '<a href="all-gan.html">gan</a>' in index
    assert "response ratio - 1" in index
    assert "CX002" in index
    assert "<script" not in index
    assert "http" not in index
    assert "<b>&" not in index
    page = (tmp_path / "all-vae.html").read_text("utf-8")
    assert "<script" in page
    assert '"generated":"vae"' in page


def test_the_index_names_what_failed(tmp_path: Path) -> None:
    found = judged(ModelsOutputs(None, None, REFERENCE, MODELS, formats=("svg",)))
    findings = found.verdicts["gan"].findings
    for code in ("EN001", "SH003"):
        findings[code] = replace(findings[code], status="fail")
    contexts = {name: context() for name in MODELS}
    index = models_page(found, contexts, {name: f"{name}.html" for name in MODELS}).render()
    assert '<span class="fail">fail</span> <a href="gan.html">gan</a> EN001, SH003' in index
    assert '<span class="pass">pass</span> <a href="vae.html">vae</a> ' in index


def test_a_page_of_a_model_replaces_its_own_and_nothing_else(tmp_path: Path) -> None:
    index, page = tmp_path / "all.html", tmp_path / "all-gan.html"
    page.write_text("mine")
    for before in ("", '<a href="all-vae.html">vae</a>'):
        index.write_text(before)
        with pytest.raises(UsageError, match=r"page that 'all.html' links to") as caught:
            ModelsOutputs(None, index, REFERENCE, MODELS)
        assert caught.value.where == str(page)
        assert page.read_text() == "mine"
    index.write_text('<a href="all-gan.html">gan</a>')
    ModelsOutputs(None, index, REFERENCE, MODELS)


@contextlib.contextmanager
def silent(total: int) -> Iterator[Callable[[int, str], None]]:
    yield lambda done, text: None


def test_figures_stand_in_a_folder_for_each_model_and_one_for_all(
    tmp_path: Path, few_pictures: None
) -> None:
    outputs = ModelsOutputs(tmp_path / "figures", None, REFERENCE, MODELS, formats=("svg",))
    steps: list[tuple[int, int]] = []

    @contextlib.contextmanager
    def progress(total: int) -> Iterator[Callable[[int, str], None]]:
        yield lambda done, text: steps.append((done, total))

    assert outputs.draw(judged(outputs), progress, {}) == 3
    assert steps == [(0, 3), (1, 3), (2, 3)]
    told = {
        path.parent.name: json.loads(path.read_text())
        for path in (tmp_path / "figures").glob("*/figures.json")
    }
    names = {name: one["generated"] for name, one in told.items()}
    assert names == {"gan": "gan", "vae": "vae", "together": ["gan", "vae"]}
    [panel, *_] = told["together"]["pictures"][0]["panels"]
    alone = [told[name]["pictures"][0]["panels"][0] for name in MODELS]
    assert panel["reference"] == alone[0]["reference"]
    assert panel["generated"] == [one["generated"] for one in alone]
    assert panel["ratio"] == [one["ratio"] for one in alone]


def test_a_folder_with_something_else_is_kept(tmp_path: Path, few_pictures: None) -> None:
    outputs = ModelsOutputs(tmp_path / "figures", None, REFERENCE, MODELS, formats=("svg",))
    found = judged(outputs)
    kept = tmp_path / "figures" / "gan" / "mine.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    with pytest.raises(OutputFileError, match=r"holds 'mine.txt', which would be lost"):
        outputs.draw(found, silent, {})
    assert kept.read_text() == "kept"


def test_a_folder_that_cannot_be_made_or_filled_does_not_stay(
    tmp_path: Path, few_pictures: None
) -> None:
    outputs = ModelsOutputs(tmp_path / "file", None, REFERENCE, MODELS, formats=("svg",))
    found = judged(outputs)
    (tmp_path / "file").write_text("came meanwhile")
    with pytest.raises(OutputFileError, match="cannot be made"):
        outputs.draw(found, silent, {})
    outputs._figures = tmp_path / "figures"

    @contextlib.contextmanager
    def interrupted(total: int) -> Iterator[Callable[[int, str], None]]:
        def advance(done: int, text: str) -> None:
            raise KeyboardInterrupt

        yield advance

    with pytest.raises(KeyboardInterrupt):
        outputs.draw(found, interrupted, {})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_gathered_where_nothing_is_written() -> None:
    outputs = ModelsOutputs(None, None, REFERENCE, MODELS, formats=("svg",))
    assert outputs.watches == [(ignore, ignore)] * 2
    assert judged(outputs).rows


def test_places_are_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "p-vae.html").mkdir()
    with pytest.raises(OutputFileError, match=r"p-vae.html: is a folder"):
        ModelsOutputs(None, tmp_path / "p.html", REFERENCE, MODELS, formats=("svg",))
    for figures, html in ((tmp_path / "no" / "f", None), (None, tmp_path / "no" / "p.html")):
        with pytest.raises(OutputFileError, match="its parent does not exist"):
            ModelsOutputs(figures, html, REFERENCE, MODELS, formats=("svg",))
