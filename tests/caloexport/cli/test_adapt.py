"""``caloexport adapt``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caloexport.cli.main import cli
from caloexport.runtime.errors import CaloexportError
from caloexport.training import loop, recalibration, start
from caloexport.training.adapt.start import prepare
from caloexport.training.kept_steps import kept_steps
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.adapt.test_compare import SETTINGS, scan
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(recalibration, "PASSES", 2)
    with eagerly():
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    wanted = tiny_runs.options(folder, "fastv", updates=6)
    with eagerly():
        loop.run(start.prepare("fastv", folder / "run", wanted, resume=False))
    return folder / "run"


def adapt(run: Path, folder: Path, *options: str) -> Result:
    (folder / "adapt.toml").write_text(SETTINGS)
    given = ["--data", tiny.write(folder / "pbwo4.h5", "pbwo4", n=60)]
    given += ["--config", folder / "adapt.toml", "-o", folder / "new"]
    return CliRunner().invoke(cli, ["adapt", str(run), *map(str, given), *options])


def test_it_leaves_a_run_and_tells_how_long_it_took(trained: Path, tmp_path: Path) -> None:
    result = adapt(trained, tmp_path, "--steps", "8", "--every", "4", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["schema"], found["updates"]) == ("caloexport.train/1", 8)
    assert {row["geometry"] for row in found["scores"]} == {"pbwo4"}
    assert "8 steps of 8 showers in " in result.stderr
    for updates in (4, 8):
        told = f"after {updates} updates: .*held back loss .* at worst total energy .* longitudinal profile"
        assert re.search(told, result.stderr)
    assert (tmp_path / "new" / "decoder.keras").is_file()


def test_decoders_of_requested_steps_are_kept_and_validated(trained: Path, tmp_path: Path) -> None:
    options = ["--steps", "3", "--every", "3", "--keep", "1", "--keep-every", "2", "--json"]
    result = adapt(trained, tmp_path, *options)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["steps_kept"] == ["steps/000001", "steps/000002"]
    reference = ["--reference", str(tmp_path / "pbwo4.h5")]
    step = ["--generated", str(tmp_path / "new" / "steps" / "000001"), "--json"]
    found = CliRunner().invoke(cli, ["validate", *reference, *step])
    assert json.loads(found.stdout)["schema"] == "caloexport.validate/1"
    again = prepare(trained, tmp_path / "new", {"keep": (5,), "steps": 5}, resume=True)
    assert again.schedule.keep_updates == (1, 5)
    loop.run(again)
    assert kept_steps(again.folder) == [f"steps/00000{n}" for n in (1, 2, 4, 5)]


@pytest.mark.parametrize(("until", "updates", "code"), [("1.9", 4, 0), ("1e-6", 8, 1)])
def test_it_ends_when_the_profile_is_near(
    trained: Path, tmp_path: Path, until: str, updates: int, code: int
) -> None:
    result = adapt(trained, tmp_path, "--steps", "8", "--every", "4", "--until", until)
    assert result.exit_code == code
    assert f"{updates} steps" in result.stderr
    assert ("has not come within 1e-06" in result.stderr) == bool(code)


def test_it_compares_with_training_from_scratch(trained: Path, tmp_path: Path) -> None:
    test = scan(tmp_path / "test.h5")
    options = ["--compare", "--test", str(test), "--steps", "10", "--showers", "16", "--seeds", "1"]
    result = adapt(trained, tmp_path, *options, "--against", f"other={trained}", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["schema"] == "caloexport.adapt-compare/1"
    assert [one["arm"] for one in found["courses"]] == ["adapted", "other", "from scratch"]
    assert (tmp_path / "new" / "comparison.png").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--compare"], "--compare needs --test"),
        (["--compare", "--test", "a.h5", "--until", "0.1"], "--compare takes no --resume, --until"),
        (["--compare", "--test", "a.h5", "--keep", "2"], "--compare takes no --resume, --until"),
        (["--keep", "9", "--steps", "8"], "after 9 updates is asked for, the training ends at 8"),
        (["--test", "a.h5"], "--test, --against, --scratch, --seeds, --jobs need --compare"),
        (["--showers", "10", "--showers", "20"], "several --showers need --compare"),
        (["--compare", "--test", "a.h5", "--against", "x"], "expected NAME=RUN"),
        (["--resume", "--seed", "0"], "--resume takes --data, --seed from the run"),
        (["--compare", "--test", "a.h5", "-o", "no/such"], "no/such: cannot be made"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    trained: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    result = adapt(trained, tmp_path, *options)
    told = str(result.exception) if isinstance(result.exception, CaloexportError) else result.stderr
    assert message in told
    assert not (tmp_path / "new").exists()
