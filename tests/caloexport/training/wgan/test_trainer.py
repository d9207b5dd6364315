from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.data import TrainingData
from caloexport.training.wgan.settings import Critics
from tests.caloexport.training import window_toy
from tests.caloexport.training.wgan import toy

pytest.importorskip("tensorflow")
PER_UPDATE = 3
SMALL = Critics(hidden=(5, 4), per_update=PER_UPDATE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("showers"), n=12)


def rows(vectors: np.ndarray) -> set[tuple[float, ...]]:
    return set(map(tuple, vectors.tolist()))


@pytest.mark.parametrize("draw", ["events", "chunk", "last-batch"])
def test_the_generators_conditions_are_drawn_as_asked(draw: str, data: TrainingData) -> None:
    """Impact positions differ from shower to shower, so a condition vector names its shower."""
    made = toy.trainer(data, Critics(hidden=(5,), per_update=PER_UPDATE, draw=draw))
    everything = rows(data.encode(made.sampling.encoding)[data.training])
    outside = 0
    for number in range(6):
        inputs = made.inputs(number)
        seen, drawn = inputs["real"]["conditions"], inputs["made"]["conditions"]
        assert seen.shape == (PER_UPDATE * toy.BATCH, 2)
        assert drawn.shape == (toy.BATCH, 2)
        assert rows(drawn) <= everything
        outside += len(rows(drawn) - rows(seen))
        if draw == "last-batch":
            np.testing.assert_array_equal(drawn, seen[-toy.BATCH :])
    assert (outside > 0) == (draw == "events")


def test_what_is_drawn_belongs_together(data: TrainingData) -> None:
    made = toy.trainer(data, SMALL)
    inputs = made.inputs(1)["made"]
    known = data.encode(made.sampling.encoding)
    for vector, cells in zip(inputs["conditions"], inputs["cells"], strict=True):
        (number,) = np.flatnonzero((known == vector).all(axis=1))
        np.testing.assert_array_equal(cells, data.showers.dense(np.array([number]))[0])


def test_latents_follow_the_law_of_the_network(data: TrainingData) -> None:
    from dataclasses import replace

    shifted = replace(toy.NETWORK, latent=200, law_a=0.5, law_b=0.5)
    uniform = replace(toy.NETWORK, latent=200, law="uniform", law_a=-1.0, law_b=1.0)
    normal = toy.trainer(data, SMALL, network=shifted).inputs(0)["real"]["latents"]
    flat = toy.trainer(data, SMALL, network=uniform).inputs(0)["real"]["latents"]
    error = 0.5 / np.sqrt(normal.size)
    assert normal.mean() == pytest.approx(0.5, abs=5 * error)
    assert normal.std() == pytest.approx(0.5, abs=5 * error)
    assert flat.min() >= -1 and flat.max() < 1
    assert flat.std() == pytest.approx(1 / np.sqrt(3), abs=5 * error)


def test_a_resumed_training_goes_on_bit_for_bit(data: TrainingData) -> None:
    settings = Critics(hidden=(5, 4), per_update=1)
    whole = toy.trainer(data, settings, seed=3)
    for number in range(2):
        whole.apply(whole.inputs(number), 1e-2, with_loss=False)
    checkpoint = whole.state()
    whole.apply(whole.inputs(2), 1e-2, with_loss=False)
    resumed = toy.trainer(data, settings, seed=3)
    resumed.restore(checkpoint, "memory")
    resumed.apply(resumed.inputs(2), 1e-2, with_loss=False)

    state, expected = resumed.state(), whole.state()

    assert state.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(state[name], value, err_msg=name)
        if "critic_1_value/bias" not in name:  # a critic's offset makes no difference
            assert (checkpoint[name] != value).any() or not value.any(), name
