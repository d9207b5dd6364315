"""A published meta-model: what is in its folder, and that an adaptation starts from it."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from caloexport.cli.main import cli
from caloexport.converters.keras_files.read import read_keras_model
from caloexport.converters.open import open_model
from caloexport.runtime.arrays import Array
from caloexport.training import loop, planned_trainer, recalibration, start, starting_weights
from caloexport.training.adapt.start import prepare
from caloexport.training.checkpoint import read_checkpoint, write_checkpoint
from caloexport.training.publishing import publish
from tests.caloexport.training import tiny
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.publishing.test_adaptation import written

pytest.importorskip("tensorflow")

#: so that the kernels that read and make all cells are large, and no others
LARGE = 400
META = """
[conditions]
geometry_codes = { scipb = 1, siw = 2 }
[meta]
inner_updates = 3
"""
ADAPT = "[training]\nbatch = 8\nheld_back = 0.25\nheld_back_fewest = 0\n"
FILES = ["MODEL_CARD.md", "config.toml", "decoder.keras", "exports.toml", "manifest.json",
         "weights.safetensors"]  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting_weights, "SMALLEST_ROUNDED", LARGE)
    monkeypatch.setattr(publish, "speed_table", lambda name, generator: "not measured")
    monkeypatch.setattr(recalibration, "PASSES", 2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on two detectors, from task to task."""
    folder = tmp_path_factory.mktemp("trained")
    files = [tiny.write(folder / f"{name}.h5", name, n=80) for name in ("siw", "scipb")]
    text = tiny.CONFIG.replace("evaluate_every = 1", "evaluate_updates = 6\nheld_back = 0.25")
    config = tiny.config(folder, text + META)
    wanted = {"data": files, "preset": "metahep-reptile", "config": config, "updates": 12}
    with eagerly():
        loop.run(start.prepare("fastv", folder / "run", wanted, resume=False))
    return folder / "run"


def asked(run: Path, model: Path, *options: str) -> Result:
    listed = model.with_name("exports.toml")
    listed.write_text('[[file]]\ntarget = "numba"\n')
    given = [str(run), "-o", str(model), "--exports", str(listed), *options]
    return CliRunner().invoke(publish.main, given, catch_exceptions=False)


@pytest.fixture(scope="module")
def model(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is published of it."""
    folder = tmp_path_factory.mktemp("models") / "tiny-meta"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(starting_weights, "SMALLEST_ROUNDED", LARGE)
        patch.setattr(publish, "speed_table", lambda name, generator: "not measured")
        result = asked(run, folder, "--trainable")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in folder.iterdir()) == FILES
    return folder


def adaptation(model: Path, folder: Path) -> Any:
    (folder / "adapt.toml").write_text(ADAPT)
    data = (tiny.write(folder / "pbwo4.h5", "pbwo4", n=60),)
    wanted = {"data": data, "steps": 3, "config": folder / "adapt.toml"}
    return prepare(model, folder / "new", wanted, resume=False)


def taken_over(model: Path, folder: Path) -> dict[str, Array]:
    """Return the state of an adaptation before statistics are measured on its showers."""
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planned_trainer, "recalibrate", lambda trainer: None)
        return dict(adaptation(model, folder).trainer.state())


def test_an_adaptation_takes_over_what_the_run_has_up_to_bfloat16(
    run: Path, model: Path, tmp_path: Path
) -> None:
    expected = taken_over(run, tmp_path / "of the run")
    found = taken_over(model, tmp_path / "of the model")
    assert found.keys() == expected.keys()
    changed = {name for name in found if not np.array_equal(found[name], expected[name])}
    assert changed == {"fractions/kernel", "encoder_dense_1/kernel"}
    for name in changed:
        np.testing.assert_allclose(found[name], expected[name], rtol=2**-8)


def test_an_adaptation_begins_with_the_showers_that_one_of_the_run_begins_with(
    run: Path, model: Path, tmp_path: Path
) -> None:
    latents = np.random.default_rng(1).standard_normal((20, 3)).astype("f4")
    conditions = np.tile(np.array([[0.01, 1.0, 1.0, 0.0, 0.0]], "f4"), (20, 1))
    found = []
    for name, begun in (("of the run", run), ("of the model", model)):
        (tmp_path / name).mkdir()
        with eagerly():
            training = adaptation(begun, tmp_path / name)
        found.append(training.trainer.decode(latents, conditions))
    fresh = planned_trainer.planned_trainer(training.plan, training.data)
    apart = np.abs(fresh.decode(latents, conditions) - found[0]).max()
    assert np.abs(found[1] - found[0]).max() < 0.1 * apart
    np.testing.assert_allclose(found[1], found[0], rtol=0.02)


def test_an_adaptation_of_it_is_an_ordinary_run(model: Path, tmp_path: Path) -> None:
    training = adaptation(model, tmp_path)
    with eagerly():
        loop.run(training)
    written = tomllib.loads((tmp_path / "new" / "config.toml").read_text())
    assert written["conditions"]["geometry_codes"] == {"pbwo4": 0, "scipb": 1, "siw": 2}
    assert written["run"]["start"] == str(model / "weights.safetensors")
    assert (
        open_model(tmp_path / "new")
        .sample(2, energy_mev=5e3, geometry="pbwo4", theta_rad=1.5707963)
        .any()
    )


def test_its_decoder_has_the_numbers_of_its_weights(run: Path, model: Path, tmp_path: Path) -> None:
    weights = taken_over(model, tmp_path / "adapted")
    scale = weights["condition_scale"]
    assert scale[0] != 1
    weights["decoder_dense_1/kernel"][3:] /= scale[:, None]
    seen = set()
    for node in read_keras_model(model / "decoder.keras").network.nodes:
        for name, value in node.weights.items():
            if f"{node.name}/{name}" in weights:
                np.testing.assert_array_equal(value, weights[f"{node.name}/{name}"])
                seen.add(f"{node.name}/{name}")
    kernels = {name for name in weights if name.endswith("kernel") and "adam" not in name}
    assert {name for name in kernels if name.startswith(("decoder", "fractions"))} <= seen


def test_it_is_of_the_last_update_and_says_so(run: Path, model: Path) -> None:
    last = [json.loads(line) for line in (run / "history.jsonl").read_text().splitlines()][-1]
    manifest = json.loads((model / "manifest.json").read_text())
    assert manifest["name"] == "tiny-meta"
    told = manifest["provenance"]
    assert (
        (told["updates"], told["score"]) == (last["updates"], last["score"]) == (12, last["score"])
    )
    card = (model / "MODEL_CARD.md").read_text()
    assert "All weights are those of update 12, the last" in card
    assert "Column 0 of the\ngeometry's code is free" in card
    for detector in ("siw", "scipb"):
        assert card.count(f"\n| {detector} | ") >= 2
    assert "was not compared for this card" in card


def test_its_settings_tell_nothing_of_the_machine(run: Path, model: Path) -> None:
    for name in ("config.toml", "manifest.json", "MODEL_CARD.md"):
        assert str(run.parent) not in (model / name).read_text()
    written, before = (tomllib.loads((one / "config.toml").read_text()) for one in (model, run))
    assert written.pop("run") == {**before.pop("run"), "data": ["siw.h5", "scipb.h5"]}
    assert written == before


def test_commands_take_it_as_any_model(model: Path, tmp_path: Path) -> None:
    artifact, showers = str(tmp_path / "model.safetensors"), str(tmp_path / "showers.h5")
    conditions = ["--energy", "5GeV", "--geometry", "siw", "--theta", "90deg"]
    for command in (
        ["inspect", str(model)],
        ["convert", str(model), "--to", "numba", "-o", artifact],
        ["verify", str(model), "--against", artifact],
        ["sample", str(model), "-n", "3", *conditions, "-o", showers],
    ):
        result = CliRunner().invoke(cli, command, catch_exceptions=False)
        assert result.exit_code == 0, result.output


def test_it_is_replaced_by_the_same_files(run: Path, model: Path, tmp_path: Path) -> None:
    again = tmp_path / "tiny-meta"
    shutil.copytree(model, again)
    (again / "weights.safetensors").write_text("damaged")
    comparison = written(tmp_path)
    assert asked(run, again, "--trainable", "--adaptation", str(comparison)).exit_code == 0
    for name in ("weights.safetensors", "config.toml", "manifest.json"):
        assert (again / name).read_bytes() == (model / name).read_bytes()
    text = (again / "MODEL_CARD.md").read_text()
    assert "| 100 | adapted | 10 ± 0" in text


def test_what_is_no_meta_model_is_refused(run: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    text = (run / "config.toml").read_text()
    kept = [part for part in text.split("\n\n") if not part.startswith("[meta]")]
    (plain / "config.toml").write_text("\n\n".join(kept))
    result = asked(plain, tmp_path / "model", "--trainable")
    assert result.exit_code == 4
    assert "has no section [meta]" in result.output
    result = asked(run, tmp_path / "model", "--adaptation", "comparison.json")
    assert result.exit_code == 2
    assert "--adaptation needs --trainable" in result.output
    assert not (tmp_path / "model").exists()


def test_a_run_that_stopped_between_evaluations_is_refused(run: Path, tmp_path: Path) -> None:
    stopped = tmp_path / "run"
    stopped.mkdir()
    for name in ("config.toml", "manifest.json", "history.jsonl", "ranking.json"):
        (stopped / name).write_bytes((run / name).read_bytes())
    state, progress = read_checkpoint(run / "checkpoint.safetensors")
    write_checkpoint(stopped / "checkpoint.safetensors", state, {**progress, "updates": 13})
    result = asked(stopped, tmp_path / "model", "--trainable")
    assert result.exit_code == 3
    assert "tells nothing of update 13, at which the checkpoint is" in result.output
    assert not (tmp_path / "model").exists()
