from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.models_outputs import ModelsOutputs
from caloexport.runtime.errors import OutputFileError
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
    monkeypatch.setattr(ComparedPictures, "pictures", property(lambda self: every(self)[:1]))


def judged(outputs: ModelsOutputs) -> ModelsCompared:
    models = list(MODELS.values())
    verdicts = judge_each(REFERENCE, models, load_profile(), watches=outputs.watches)
    return compare_verdicts(dict(zip(MODELS, verdicts, strict=True)))


def test_the_index_links_the_pages_and_all_of_them_hold_everything(tmp_path: Path) -> None:
    outputs = ModelsOutputs(None, tmp_path / "all.html", REFERENCE, MODELS)
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


def test_figures_stand_in_a_folder_for_each_model(tmp_path: Path, few_pictures: None) -> None:
    outputs = ModelsOutputs(tmp_path / "figures", None, REFERENCE, MODELS)
    found = judged(outputs)
    assert outputs.pictures(found) == 2
    steps: list[int] = []
    assert outputs.draw(found, lambda done, _: steps.append(done)) == 2
    assert steps == [0, 1]
    for name in MODELS:
        told = json.loads((tmp_path / "figures" / name / "figures.json").read_text())
        assert told["generated"] == name
    kept = tmp_path / "figures" / "gan" / "mine.txt"
    kept.write_text("kept")
    with pytest.raises(OutputFileError, match=r"holds 'mine.txt', which would be lost"):
        outputs.draw(found, lambda done, _: None)
    assert kept.read_text() == "kept"


def test_a_folder_that_cannot_be_made_or_filled_does_not_stay(
    tmp_path: Path, few_pictures: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("kept")
    outputs = ModelsOutputs(tmp_path / "file", None, REFERENCE, MODELS)
    found = judged(outputs)
    with pytest.raises(OutputFileError, match="cannot be made"):
        outputs.draw(found, lambda done, _: None)
    outputs._figures = tmp_path / "figures"

    def interrupted(done: int, text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outputs.draw(found, interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_gathered_where_nothing_is_written() -> None:
    outputs = ModelsOutputs(None, None, REFERENCE, MODELS)
    assert outputs.watches == []
    assert judged(outputs).rows


def test_places_are_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    for figures, html in ((tmp_path / "no" / "f", None), (None, tmp_path / "no" / "p.html")):
        with pytest.raises(OutputFileError, match="its parent does not exist"):
            ModelsOutputs(figures, html, REFERENCE, MODELS)
