"""What a training takes over from another run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.training import start
from caloexport.training.checkpoint import write_checkpoint
from caloexport.training.planned_data import planned_data
from caloexport.training.planned_trainer import planned_trainer
from caloexport.training.starting_weights import take_over
from tests.caloexport.training import tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")


def test_weights_begin_as_the_averages_that_a_decoder_holds(tmp_path: Path) -> None:
    plan = start.plan_of("atlas-vae", tiny_runs.options(tmp_path, "atlas-vae"))
    data = planned_data(plan)
    with eagerly():
        trainer, fresh = planned_trainer(plan, data), planned_trainer(plan, data)
        for number in range(3):
            trainer.apply(trainer.inputs(number), 1e-2, with_loss=False)
    state = trainer.state()
    write_checkpoint(tmp_path / "checkpoint.safetensors", state, {})
    take_over(fresh, tmp_path / "checkpoint.safetensors")
    averages = {name for name in state if name.startswith("average/")}
    assert averages
    taken = fresh.state()
    for name in averages:
        own = name.removeprefix("average/")
        assert not np.array_equal(state[own], state[name]) or not state[own].any(), name
        np.testing.assert_array_equal(taken[own], state[name])
        np.testing.assert_array_equal(taken[name], state[name])
