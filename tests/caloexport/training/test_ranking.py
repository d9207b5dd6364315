"""Rankings: the best decoders are kept. What a kill between two files does is in test_resume.py."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.open import open_model
from caloexport.training import evaluation, loop, start
from caloexport.training.checkpoint import read_checkpoint, write_checkpoint
from caloexport.training.ranking import Ranked, ranked_with
from caloexport.training.scoring.generate import SEED, generated, generator_of
from caloexport.training.scoring.scorer import Scorer
from caloexport.training.training import Training
from tests.caloexport.training import tiny

pytest.importorskip("tensorflow")

CONFIG = f"{tiny.CONFIG}keep = 2\nevaluate_updates = 4\n"
UPDATES = 24


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ranking")
    tiny.write(folder / "siw.h5", n=120)
    tiny.config(folder, CONFIG)
    return folder


def begin(place: Path, name: str) -> Training:
    wanted = {"data": (place / "siw.h5",), "preset": "metahep", "config": place / "tiny.toml"}
    return start.prepare("fastv", place / name, {**wanted, "updates": UPDATES}, resume=False)


@pytest.fixture(scope="module")
def whole(place: Path) -> Training:
    """A run that went through without a break."""
    training = begin(place, "whole")
    loop.run(training)
    return training


def history(training: Training) -> list[dict[str, Any]]:
    lines = (training.folder.path / "history.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_the_best_of_all_scores_are_kept_with_their_tables(whole: Training) -> None:
    rows = sorted(history(whole), key=lambda row: row["score"])
    found = json.loads((whole.folder.path / "ranking.json").read_text())
    assert [(one["updates"], one["score"], one["error"]) for one in found["ranking"]] == [
        (row["updates"], row["score"], row["score_error"]) for row in rows[:2]
    ]
    assert found["pick"] == "physics"
    floor = whole.scorer.floor.physics
    assert (found["floor"], found["floor_error"]) == (floor.value, floor.error)
    assert 0 < floor.error < math.inf
    names = {path.name for path in whole.folder.ranked.iterdir()}
    assert names == {
        f"decoder-{row['updates']:09d}.{kind}" for row in rows[:2] for kind in ("keras", "json")
    }
    best = whole.progress.ranking[0]
    assert whole.folder.decoder.read_bytes() == best.decoder(whole.folder).read_bytes()
    assert whole.folder.scores.read_bytes() == best.table(whole.folder).read_bytes()


def test_what_was_scored_is_what_is_kept(whole: Training) -> None:
    """Score the published decoder again, as anybody can who has the showers."""
    best = whole.progress.ranking[0]
    scored = Scorer(whole.data, whole.trainer.sampling).score(whole.folder.decoder)
    assert scored.physics.value == best.score
    assert scored.rows == evaluation.best_scores(whole.folder)
    assert open_model(whole.folder.path).sampling == whole.trainer.sampling


def test_a_ranking_without_its_files_goes_on(place: Path, whole: Training) -> None:
    """Let somebody clear the folder of ranked decoders: the best stays published."""
    before = whole.folder.decoder.read_bytes()
    ranking = whole.progress.ranking
    aside = whole.folder.path / "aside"
    whole.folder.ranked.rename(aside)
    try:
        evaluation.publish(whole)
        assert whole.folder.decoder.read_bytes() == before
    finally:
        aside.rename(whole.folder.ranked)
    assert ranking == whole.progress.ranking


def test_a_run_taken_up_with_another_pick_scores_its_ranking_anew(
    place: Path, whole: Training
) -> None:
    folder = place / "repicked"
    shutil.copytree(whole.folder.path, folder)
    config = folder / "config.toml"
    text = config.read_text()
    config.write_text(text.replace("[training]", '[training]\npick = "fastcalogan"'))
    found = start.prepare("fastv", folder, {}, resume=True)
    expected = {
        one.updates: found.scorer.score(one.decoder(whole.folder)).fastcalogan
        for one in whole.progress.ranking
    }
    ranking = found.progress.ranking
    assert {one.updates: (one.score, one.error) for one in ranking} == {
        updates: (score.value, score.error) for updates, score in expected.items()
    }
    assert ranking[0].score <= ranking[1].score
    told = json.loads((folder / "ranking.json").read_text())
    assert (told["pick"], told["floor"]) == ("fastcalogan", whole.scorer.floor.fastcalogan.value)
    provenance = json.loads((folder / "manifest.json").read_text())["provenance"]
    assert (provenance["updates"], provenance["score"]) == (ranking[0].updates, ranking[0].score)
    assert found.folder.decoder.read_bytes() == ranking[0].decoder(found.folder).read_bytes()


def test_a_run_of_a_version_without_ranking_is_taken_up(place: Path, whole: Training) -> None:
    folder = place / "old"
    shutil.copytree(whole.folder.path, folder)
    shutil.rmtree(folder / "ranked")
    (folder / "ranking.json").unlink()
    (folder / "scores.json").write_text('[{"geometry": "siw", "response_ratio": 1.0}]')
    checkpoint = folder / "checkpoint.safetensors"
    state, progress = read_checkpoint(checkpoint)
    old = {k: progress[k] for k in ("updates", "losses", "counted", "seconds")}
    best = whole.progress.ranking[0]
    write_checkpoint(checkpoint, state, {**old, "best_score": 0.01, "best_updates": best.updates})
    found = start.prepare("fastv", folder, {}, resume=True)
    assert found.progress.ranking == [best]
    assert loop.run(found) == evaluation.best_scores(whole.folder)


def test_of_equal_scores_the_earlier_is_better() -> None:
    early, late = Ranked(10, 1.0, 0.1), Ranked(20, 1.0, 0.1)
    assert ranked_with([early], late, keep=1) == [early]
    assert ranked_with([late], early, keep=1) == [early]


def test_showers_that_are_no_numbers_are_not_ranked(
    place: Path, whole: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = begin(place, "diverged")
    real = training.scorer.score

    def not_a_number(decoder: Path) -> Any:
        return replace(real(decoder), physics=type(real(decoder).physics)(), rows=[])

    monkeypatch.setattr(training.scorer, "score", not_a_number)
    assert evaluation.evaluate(training).physics.value == np.inf
    evaluation.publish(training)
    assert not training.progress.ranking
    assert training.history[-1]["score"] is None
    assert not list(training.folder.ranked.iterdir())
    assert not training.folder.decoder.exists()


def test_what_the_runtime_generates_is_what_keras_would(whole: Training, tmp_path: Path) -> None:
    data, trainer = whole.data, whole.trainer
    sampling, chosen = trainer.sampling, data.scoring
    trainer.save_decoder(tmp_path / "decoder.keras")
    generator = generator_of(tmp_path / "decoder.keras", sampling)
    found = generated(generator, data, chosen, 0)
    latents = sampling.noise.draw(len(chosen), SEED)
    outputs = trainer.decode(latents, data.encode(sampling.encoding)[chosen])
    expected = sampling.output.energies(
        np.array(outputs, dtype=np.float32), data.energy_mev[chosen], data.mesh
    )
    np.testing.assert_allclose(found.reshape(len(chosen), -1), expected, rtol=1e-4)
    # a block has the latents of its place in the sample
    np.testing.assert_array_equal(generated(generator, data, chosen[5:], 5), found[5:])
