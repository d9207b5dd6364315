"""Statistics and mean showers are measured anew; what was learned stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.training import recalibration, start
from caloexport.training.families import Trainer
from caloexport.training.fastv.trainer import FastvTrainer
from caloexport.training.planned_data import planned_data
from caloexport.training.planned_trainer import planned_trainer
from tests.caloexport.training import tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(recalibration, "PASSES", 12)
    with eagerly():
        yield


def trained(family: str, folder: Path, **options: Any) -> Trainer:
    """Return a generator after some updates: its optimizer remembers something."""
    plan = start.plan_of(family, tiny_runs.options(folder, family, **options))
    trainer = planned_trainer(plan, planned_data(plan))
    for number in range(3):
        trainer.apply(trainer.inputs(number), 1e-2, with_loss=False)
    return trainer


@pytest.mark.parametrize("family", sorted(tiny_runs.PRESETS))
def test_learned_weights_stay_and_the_optimizer_forgets(family: str, tmp_path: Path) -> None:
    trainer = trained(family, tmp_path)
    assert any(moment.numpy().any() for moment in trainer.moments().values())
    before = [weight.numpy() for weight in trainer.weights()]
    recalibration.recalibrate(trainer)
    assert not any(moment.numpy().any() for moment in trainer.moments().values())
    last_bias = trainer.vae.last.bias.value if isinstance(trainer, FastvTrainer) else None
    for weight, was in zip(trainer.weights(), before, strict=True):
        assert np.array_equal(weight.numpy(), was) == (weight is not last_bias)


def test_statistics_become_those_of_the_new_showers(tmp_path: Path) -> None:
    trainer = trained("fastv", tmp_path)
    means = [name for name in trainer.state() if name.endswith("moving_mean")]
    assert means
    recalibration.recalibrate(trainer)
    expected = trainer.state()
    far = {name: value + 5.0 if name in means else value for name, value in expected.items()}
    trainer.restore(far, "here")
    recalibration.recalibrate(trainer)
    for name in means:  # what was there before fades by 0.99 with every batch
        np.testing.assert_allclose(
            trainer.state()[name] - expected[name], 5.0 * 0.99**12, rtol=0.05, err_msg=name
        )


def test_the_mean_shower_made_becomes_that_of_the_showers(tmp_path: Path) -> None:
    trainer = trained("fastv", tmp_path)
    assert isinstance(trainer, FastvTrainer)
    far = np.linspace(-2, 2, 60, dtype=np.float32)
    trainer.vae.last.bias.assign_add(far)
    true = trainer.data.showers.mean(trainer.data.training)
    seen = true > 0

    def apart() -> float:
        latents = np.random.default_rng(0).standard_normal((len(trainer.data.training), 3))
        encoded = trainer.data.encode(trainer.sampling.encoding)[trainer.data.training]
        made = trainer.decode(latents.astype(np.float32), encoded).mean(axis=0)
        return float(np.abs(made - true)[seen].sum() / true.sum())

    before = apart()
    trainer.match_mean()
    assert apart() < 0.4 * before
