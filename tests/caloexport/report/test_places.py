from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.report.places import require_places
from caloexport.runtime.errors import CaloexportError, OutputFileError, UsageError


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("showers.h5", "page.html"):
        Path(name).write_text("here before")
    Path("run").mkdir()
    Path("run/manifest.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("figures", "html"),
    [
        (None, "page.html"),
        (None, "new.html"),
        ("figures", "new.html"),
        (None, "run/page.html"),
    ],
)
def test_free_places_and_earlier_results_are_fine(
    room: Path, figures: str | None, html: str | None
) -> None:
    places = [None if one is None else Path(one) for one in (figures, html)]
    before = sorted(room.rglob("*"))
    require_places(*places, [Path("showers.h5")])
    assert sorted(room.rglob("*")) == before  # looking leaves nothing behind


@pytest.mark.parametrize(
    ("figures", "html", "error", "said"),
    [
        (None, "showers.h5", UsageError, "showers.h5: would be replaced"),
        (None, "./run/../showers.h5", UsageError, "showers.h5: would be replaced"),
        ("run", None, UsageError, "run: would be replaced"),
        (None, "run/manifest.json", UsageError, "run/manifest.json: would be replaced"),
        (None, "run", OutputFileError, "run: is a folder, expected a place for a file"),
        ("page.html", None, OutputFileError, "page.html: is a file, expected a place for a folder"),
        (None, "none/page.html", OutputFileError, "none/page.html: cannot be made"),
        ("none/figures", None, OutputFileError, "none/figures: cannot be made"),
        ("figures", "figures", UsageError, "figures: lies in the folder of figures"),
        ("other", "other/page.html", UsageError, "page.html: lies in the folder of figures"),
    ],
)
def test_what_would_be_lost_or_cannot_be_written_is_told(
    room: Path, figures: str | None, html: str | None, error: type[CaloexportError], said: str
) -> None:
    if figures == "other":
        Path("other").mkdir()
    with pytest.raises(error) as caught:
        require_places(
            None if figures is None else Path(figures),
            None if html is None else Path(html),
            [Path("showers.h5"), Path("run")],
        )
    assert said in str(caught.value)
    assert caught.value.hint
    assert Path("showers.h5").read_text() == "here before"


def test_a_folder_of_other_files_is_refused_and_one_of_figures_is_not(room: Path) -> None:
    Path("figures").mkdir()
    for name in ("figures.json", "total-energy.pdf"):
        Path("figures", name).touch()
    require_places(Path("figures"), None, [Path("showers.h5")])
    Path("figures/notes.txt").touch()
    with pytest.raises(OutputFileError, match=r"figures: holds 'notes.txt', which would be lost"):
        require_places(Path("figures"), None, [Path("showers.h5")])
    with pytest.raises(OutputFileError, match=r"run: holds 'manifest.json', which would be lost"):
        require_places(Path("run"), None, [Path("showers.h5")])
