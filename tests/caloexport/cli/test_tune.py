from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.runtime.errors import CaloexportError
from caloexport.training.runs import where
from tests.caloexport.training import tiny
from tests.caloexport.training.runs.quick_place import QuickPlace

pytest.importorskip("optuna")

SPACE = 'only = true\n[training]\nlearning_rate = { kind = "float", low = 1e-4, high = 1e-2 }'


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def place_for(jobs: int | None, scheduler: str | None) -> QuickPlace:
        assert scheduler is None
        return QuickPlace(jobs or 1)

    monkeypatch.setattr(where, "place_for", place_for)
    (tmp_path / "space.toml").write_text(SPACE)
    found = ["--data", str(tiny.write(tmp_path / "siw.h5")), "--preset", "metahep"]
    found += ["--config", str(tiny.config(tmp_path)), "--space", str(tmp_path / "space.toml")]
    return [*found, "--updates", "40", "--trials", "2", "-o", str(tmp_path / "search")]


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["tune", "fastv", *arguments], catch_exceptions=False)


def test_tune_prints_a_table_and_how_to_train_the_best(options: list[str], tmp_path: Path) -> None:
    result = invoke(*options, "--jobs", "2")
    said = "trials: 2 finished; score: mean ± standard deviation over 2 seeds"
    assert result.stdout.startswith(f"{said} (a perfect generator: 0.200 ± 0.030)\n")
    assert "learning_rate" in result.stdout
    command = result.stdout.splitlines()[-1]
    settings = tmp_path / "search" / "best.toml"
    expected = f"caloexport train fastv --preset metahep --config {settings} "
    # by seeds of which the search saw none
    expected += f"--data {tmp_path / 'siw.h5'} --seed 100 --seeds 5 -o RUN"
    assert command == expected
    assert f"# {expected}\n" in settings.read_text()


def test_tune_prints_json_and_goes_on(options: list[str], tmp_path: Path) -> None:
    found = json.loads(invoke(*options, "--seeds-per-trial", "1", "--json").stdout)
    assert (found["schema"], found["counts"]["finished"]) == ("caloexport.tune/1", 2)
    more = ["--resume", "--trials", "3", "-o", str(tmp_path / "search"), "--json"]
    again = json.loads(invoke(*more).stdout)
    assert again["trials"][:2] == found["trials"]
    assert again["counts"]["finished"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fastw",), "did you mean 'fastv'"),
        (("fastv",), "no shower files to train on"),
        (("fastv", "--data", "no.h5"), "no.h5: cannot be read"),
        (("fastv", "--resume"), "no run to go on with: has no search.toml"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    call = ["tune", *arguments, "--trials", "2", "-o", str(tmp_path / "search")]
    result = CliRunner().invoke(cli, call)
    assert isinstance(result.exception, CaloexportError)
    assert message in str(result.exception)
    assert not (tmp_path / "search").exists()
