from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.training.data import TrainingData, conditions_of, encoding_of, load
from caloexport.training.score import compare, score
from tests.caloexport.training import tiny


@pytest.fixture
def data(tmp_path: Path) -> TrainingData:
    return load([tiny.write(tmp_path / "siw.h5", n=200)], held_back=0.5)


def sampling(data: TrainingData) -> Sampling:
    return Sampling(
        NoiseLaw(3),
        conditions_of(data, tiny.CONDITIONS),
        encoding_of(data, tiny.CONDITIONS),
        OutputMap("fraction_of_incident", {}, 0.0005),
        data.mesh,
    )


def replay(data: TrainingData, scale: Array | float = 1.0) -> object:
    """Make a decoder that gives back the showers held back themselves, scaled."""
    blocks = iter(np.array_split(data.scoring, range(128, len(data.scoring), 128)))

    def decode(latents: Float32, conditions: Float32) -> Array:
        return data.showers.dense(next(blocks)) * scale

    return decode


def test_a_perfect_generator_scores_zero(data: TrainingData) -> None:
    rows = compare(data, sampling(data), replay(data))  # type: ignore[arg-type]
    assert [row.energy_gev for row in rows] == [2.0, 10.0, 50.0]
    assert score(rows) < 1e-5
    assert all(row.profile_floor and row.response_error for row in rows)


def test_a_response_off_by_its_tolerance_scores_one_half(data: TrainingData) -> None:
    rows = compare(data, sampling(data), replay(data, 1.03))  # type: ignore[arg-type]
    assert [row.response_ratio for row in rows] == pytest.approx([1.03] * 3, rel=1e-4)
    assert score(rows) == pytest.approx(0.5, rel=1e-3)


def test_a_distorted_profile_shows_in_the_profile_and_not_in_the_response(
    data: TrainingData,
) -> None:
    swap = np.zeros(60)
    z = data.mesh.indices()["z"]
    swap[z == 0] = 1.0  # everything beyond the first layer is lost
    rows = compare(data, sampling(data), replay(data, swap))  # type: ignore[arg-type]
    for row in rows:
        # the normalised profile is 1 in the first layer: L1 = 2·(1 - fraction of that layer)
        assert 0.5 < row.profile_l1 < 2.0
        assert row.response_ratio == pytest.approx(1 - row.profile_l1 / 2, abs=0.05)
