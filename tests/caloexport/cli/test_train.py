from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.runtime.errors import CaloexportError
from caloexport.training import loop, start
from caloexport.training.runs import machine
from caloexport.training.runs.job import Job
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.curves import history
from tests.caloexport.training.runs.pretence import RAISES
from tests.caloexport.training.runs.quick_place import QuickPlace


def test_train_leaves_a_run_and_prints_its_scores_as_json(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    data = tiny.write(tmp_path / "siw.h5")
    folder = tmp_path / "run"
    options = ["--data", str(data), "-o", str(folder), "--updates", "6", "--json"]
    options += ["--preset", "metahep", "--config", str(tiny.config(tmp_path))]
    result = CliRunner().invoke(cli, ["train", "fastv", *options], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["schema"] == "caloexport.train/1"
    assert found["updates"] == 6
    assert {row["geometry"] for row in found["scores"]} == {"siw"}
    assert (folder / "decoder.keras").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("fastw",), "did you mean 'fastv'"),
        (("fastv",), "no shower files to train on"),
        (("fastv", "--preset", "metahepp", "--data", "siw.h5"), "did you mean 'metahep'"),
        (("fastv", "--data", "no.h5"), "no.h5: cannot be read"),
        (("fastv", "--resume"), "no run to go on with: has no config.toml"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    result = CliRunner().invoke(cli, ["train", *options, "-o", str(tmp_path / "run")])
    assert isinstance(result.exception, CaloexportError)
    assert message in str(result.exception)
    assert not (tmp_path / "run").exists()


def test_a_seed_without_a_result_is_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(QuickPlace):
        def start(self, job: Job) -> None:
            beta = RAISES if job.plan.seed == 1 else 0.01
            config = {**job.plan.config, "loss": {"beta": beta}}
            plan = dataclasses.replace(job.plan, config=config)
            super().start(dataclasses.replace(job, plan=plan))

    monkeypatch.setattr(machine, "Machine", Failing)
    data = tiny.write(tmp_path / "siw.h5")
    options = ["--data", str(data), "-o", str(tmp_path / "seeds"), "--updates", "40"]
    options += ["--preset", "metahep", "--config", str(tiny.config(tmp_path)), "--seeds", "3"]
    result = CliRunner().invoke(cli, ["train", "fastv", *options, "--json"])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [one["how"] for one in found["seeds"]] == ["finished", "failed", "finished"]
    assert found["best"]["seed"] == 0
    assert "no result for seed 1" in result.stderr


def test_train_draws_the_curves_and_tells_what_the_consumer_asks_beyond_the_showers(
    tmp_path: Path,
) -> None:
    pytest.importorskip("tensorflow")
    pytest.importorskip("matplotlib")
    asked = tiny_runs.options(tmp_path, "wgan-gp")
    options = [part for path in asked["data"][:2] for part in ("--data", str(path))]
    options += ["--config", str(asked["config"]), "--updates", "1", "-o", str(tmp_path / "run")]
    result = CliRunner().invoke(cli, ["train", "wgan-gp", *options], catch_exceptions=False)
    assert result.exit_code == 0
    assert "energy_mev of 1024 to 262144, the showers cover 1024 to 16384" in result.stderr
    assert f"curves: {tmp_path / 'run' / 'curves.svg'}, curves.png" in result.stderr
    assert (tmp_path / "run" / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_curves_are_drawn_when_the_training_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")

    def prepared(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(
            history=history.gan(3),
            total=900,
            data=SimpleNamespace(left_out=None),
            plan=SimpleNamespace(config={}),
            trainer=SimpleNamespace(sampling=SimpleNamespace(conditions=())),
            progress=SimpleNamespace(updates=300),
            folder=SimpleNamespace(path=tmp_path / "run"),
        )

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "prepare", prepared)
    monkeypatch.setattr(loop, "run", interrupted)
    (tmp_path / "run").mkdir()
    options = ["--data", "a.h5", "-o", str(tmp_path / "run")]
    result = CliRunner().invoke(cli, ["train", "wgan-gp", *options])
    assert result.exit_code != 0
    assert "saved after 300 updates; go on with --resume" in result.stderr
    assert (tmp_path / "run" / "curves.svg").is_file()
