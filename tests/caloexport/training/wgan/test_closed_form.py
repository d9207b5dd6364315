from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.training.wgan.settings import Critics
from tests.caloexport.training import tiny_runs

pytest.importorskip("tensorflow")


@pytest.mark.parametrize(
    "critics",
    [
        "",
        'block = "relu"\ndrift = 0.5',
        "inputs = [{ cells = 3.0, total = 3.0 }]\nweights = [1.0]\none_sided = true",
        "inputs = [{ total = 0.0, roots = 2.0, layers = 5.0 }]\nweights = [1.0]",
    ],
    ids=["preset", "relu and drift", "one-sided", "two penalised blocks behind one that is not"],
)
def test_gradients_and_losses_are_those_of_a_tape(tmp_path: Path, critics: str) -> None:
    trainer = tiny_runs.begin(tmp_path, "wgan-gp", critics=critics).trainer
    step = trainer.step
    for variable in step.critic_variables:
        variable.assign(2 * variable)  # steeper than 1, else a one-sided penalty is 0
    inputs = trainer.inputs(0)
    real = {name: step.tf.constant(value) for name, value in inputs["real"].items()}
    fakes = trainer.decoder.fractions(real["latents"], real["conditions"])
    assert len(step.closed_forms) == len(step.critics)
    found = list(step._by_closed_form(real, fakes))
    expected = list(step._by_tape(real, fakes))
    assert len(found) == len(expected) == 2
    for (gradients, losses), (taped, taped_losses) in zip(found, expected, strict=True):
        assert taped_losses.numpy().min() != 0
        np.testing.assert_allclose(losses, taped_losses, rtol=2e-5, atol=1e-6)
        for gradient, of_tape, variable in zip(
            gradients, taped, step.critic_variables, strict=True
        ):
            largest = np.abs(of_tape).max()
            assert largest > 0, variable.name
            np.testing.assert_allclose(
                gradient, of_tape, rtol=0, atol=1e-5 * largest, err_msg=variable.name
            )


@pytest.mark.parametrize(
    "other",
    [{"block": "elu"}, {"sums_inside": True}, {"inputs": ({"cells": 1.0}, {"cells": 0.0})}],
    ids=["curved", "sums inside", "no penalty"],
)
def test_other_critics_are_left_to_a_tape(other: dict[str, object]) -> None:
    assert Critics().closed_form
    assert not Critics(**other).closed_form  # type: ignore[arg-type]
