from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.cli.console import stage
from caloexport.converters.verify import verify
from caloexport.quickstart import Outcome, quickstart, run
from caloexport.runtime import load
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UsageError


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Run the quickstart with a training far too short to be good."""
    folder = tmp_path_factory.mktemp("quickstart") / "report"
    return quickstart(folder, stage, threads=1, updates=20)


@pytest.mark.slow
def test_every_target_is_made_and_proven(outcome: Outcome) -> None:
    compiled = {"cpp"} if backends["cpp"].available() else set()
    assert set(outcome.exported) == {"lwtnn", "numba", "onnx", "savedmodel"} | compiled
    for exported in outcome.exported.values():
        assert verify(exported.path).equal


def test_without_a_compiler_there_is_no_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(backends["cpp"]), "available", lambda self: False)
    assert "cpp" not in run._current()


@pytest.mark.slow
def test_the_page_shows_every_picture_and_artifact(outcome: Outcome) -> None:
    page = (outcome.folder / "index.html").read_text("utf-8")
    for name in ("shower.png", "profiles.png", "total-energy.png"):
        assert f'src="{name}"' in page
        assert (outcome.folder / name).stat().st_size > 10_000
    for exported in outcome.exported.values():
        assert exported.path.name in page


@pytest.mark.slow
def test_a_bad_generator_is_called_bad(outcome: Outcome) -> None:
    assert not outcome.judgement.passed
    result = json.loads(json.dumps(outcome.to_json()))
    assert result["schema"] == "caloexport.quickstart/1"
    assert result["passed"] is False


@pytest.mark.slow
def test_the_artifact_samples_each_detector(outcome: Outcome) -> None:
    generator = load(outcome.exported["numba"].path)
    for geometry in ("siw", "scipb", "pbwo4"):
        showers = generator.sample(2, energy_mev=10_000.0, theta_rad=1.5707963, geometry=geometry)
        assert showers.shape == (2, 18, 50, 45)
        assert (showers.sum(axis=(1, 2, 3)) > 0).all()


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exists already"):
        quickstart(tmp_path, stage)


def test_an_interrupted_quickstart_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: Path, *_: object) -> None:
        (folder / "run").mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr("caloexport.quickstart.run._train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        quickstart(tmp_path / "report", stage)
    assert list(tmp_path.iterdir()) == []
