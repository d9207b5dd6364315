from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from caloexport.training.data import TrainingData
from caloexport.training.wgan.settings import Critics
from caloexport.training.wgan.step import Step
from tests.caloexport.training import window_toy
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.wgan import toy

pytest.importorskip("tensorflow")
N_CELLS, N_CONDITIONS = 266, 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("showers"), n=12)


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


def critics(*inputs: dict[str, float], **more: object) -> Critics:
    """Return settings of critics that are updated once."""
    settings = {"hidden": (5, 4), "per_update": 1, "weights": (1.0,) * len(inputs), **more}
    return Critics(inputs=inputs, **settings)  # type: ignore[arg-type]


def test_the_penalty_of_a_linear_critic_is_that_of_its_kernel(data: TrainingData) -> None:
    settings = critics({"cells": 3.0})
    made = toy.trainer(data, settings)
    critic, kernel = toy.linear_critic(N_CELLS + N_CONDITIONS, seed=1)
    step = toy.step_with(made, [critic], settings, Step)

    losses = toy.updated(step, made.inputs(0))

    expected = 3.0 * (np.linalg.norm(kernel[:N_CELLS]) - 1) ** 2  # the conditions feel none
    assert losses["critic 1 penalty"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("on_total", [0.0, 0.5])
def test_the_total_is_penalised_by_its_own_weight_alone(
    data: TrainingData, on_total: float
) -> None:
    settings = critics({"cells": 3.0, "total": on_total})
    made = toy.trainer(data, settings)
    critic, kernel = toy.linear_critic(N_CELLS + 1 + N_CONDITIONS, seed=2)
    kernel[N_CELLS] = 50.0  # would be felt through the cells, if Σ were formed of them
    critic.set_weights([kernel[:, None], np.zeros(1)])
    step = toy.step_with(made, [critic], settings, Step)

    losses = toy.updated(step, made.inputs(0))

    of_cells = 3.0 * (np.linalg.norm(kernel[:N_CELLS]) - 1) ** 2
    expected = of_cells + on_total * (50.0 - 1) ** 2
    assert losses["critic 1 penalty"] == pytest.approx(expected, rel=1e-5)


def test_sums_inside_let_the_penalty_on_cells_reach_the_total(data: TrainingData) -> None:
    settings = critics({"cells": 3.0, "total": 3.0}, sums_inside=True)
    made = toy.trainer(data, settings)
    critic, kernel = toy.linear_critic(N_CELLS + 1 + N_CONDITIONS, seed=3)
    step = toy.step_with(made, [critic], settings, Step)

    inputs = made.inputs(0)
    losses = toy.updated(step, inputs)

    spread = inputs["real"]["spread"][:, :1]  # (batch, 1): z = (Σ fractions - mean)/spread
    through = kernel[:N_CELLS] + kernel[N_CELLS] * made.decoder.scale / spread
    expected = 3.0 * np.mean((np.linalg.norm(through, axis=1) - 1) ** 2)
    assert losses["critic 1 penalty"] == pytest.approx(expected, rel=1e-4)


def test_the_generator_feels_the_critics_through_the_total(data: TrainingData) -> None:
    import tensorflow as tf

    settings = critics({"cells": 0.0, "total": 0.0})
    made = toy.trainer(data, settings)
    critic, kernel = toy.linear_critic(N_CELLS + 1 + N_CONDITIONS, seed=4)
    step = toy.step_with(made, [critic], settings, Step)
    inputs = made.inputs(0)

    toy.updated(step, inputs)

    batch = inputs["made"]
    slope = kernel[:N_CELLS] / made.decoder.scale + kernel[N_CELLS] / batch["spread"][:, :1]
    with tf.GradientTape() as tape:
        fakes = made.decoder.fractions(batch["latents"][: toy.BATCH], batch["conditions"])
        loss = -tf.reduce_mean(tf.reduce_sum(fakes * slope, axis=1))
    expected = tape.gradient(loss, made.decoder.variables)
    found, _ = toy.gradients(step)
    for gradient, hand in zip(found, expected, strict=True):
        np.testing.assert_allclose(gradient, hand.numpy(), rtol=1e-3, atol=1e-5)


def test_a_distance_is_the_difference_of_the_means_that_a_critic_gives(data: TrainingData) -> None:
    settings = critics({"cells": 1.0})
    made = toy.trainer(data, settings)
    critic, kernel = toy.linear_critic(N_CELLS + N_CONDITIONS, seed=5)
    step = toy.step_with(made, [critic], settings, Step)
    inputs = made.inputs(0)["real"]

    losses = toy.updated(step, made.inputs(0))

    fakes = np.asarray(made.decoder.fractions(inputs["latents"], inputs["conditions"]))
    apart = (inputs["cells"] - fakes) / made.decoder.scale @ kernel[:N_CELLS]
    assert losses["critic 1 distance"] == pytest.approx(apart.mean(), rel=1e-4)


def test_critics_are_updated_as_often_as_asked_before_the_generator(data: TrainingData) -> None:
    """Three updates of one batch each are one update of three batches, but for the generator."""
    settings = critics({"cells": 1.0}, per_update=3, draw="last-batch")
    made = toy.trainer(data, settings)
    inputs, before = made.inputs(0), made.state()
    made.apply(inputs, 1e-2, with_loss=True)
    after = made.state()

    again = toy.trainer(data, critics({"cells": 1.0}, draw="last-batch"))
    again.restore(before, "memory")
    generator = {name: value for name, value in before.items() if "critic" not in name}
    for k in range(3):
        rows = slice(k * toy.BATCH, (k + 1) * toy.BATCH)
        part = {name: value[rows] for name, value in inputs["real"].items()}
        number = {"t": np.float32(k + 1)}
        again.apply({"real": part, "made": inputs["made"], "number": number}, 1e-2, with_loss=True)
        again.restore({**again.state(), **generator}, "memory")
    critic = [name for name in before if name.startswith("critic")]
    assert len(critic) > 6
    for name in critic:
        np.testing.assert_allclose(again.state()[name], after[name], rtol=1e-4, atol=1e-6)
