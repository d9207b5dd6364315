"""What decoders score: true showers themselves, and showers that are off in a known way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.training.data import TrainingData, conditions_of, encoding_of, load
from caloexport.training.scoring import scorer as module
from caloexport.training.scoring.score import Scored
from caloexport.training.scoring.scorer import Scorer
from caloexport.training.settings import Conditions
from tests.caloexport.training import tiny, window_toy

#: cells of true showers -> what is generated instead
Change = Callable[[Float32, Array], Float32]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    folder = tmp_path_factory.mktemp("window")
    return load(window_toy.write(folder, n=240), held_back=0.5)


@pytest.fixture(scope="module")
def cylinder(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return load([tiny.write(tmp_path_factory.mktemp("tiny") / "siw.h5", n=200)], held_back=0.5)


def sampling(data: TrainingData) -> Sampling:
    settings = Conditions() if len(set(data.geometry)) == 1 else tiny.CONDITIONS
    return Sampling(
        NoiseLaw(3),
        conditions_of(data, settings),
        encoding_of(data, settings),
        OutputMap("fraction_of_incident", {}, 0.0005),
        data.mesh,
    )


def score(
    data: TrainingData,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    others: bool = True,
) -> Scored:
    """Score true showers that are changed; by default those not held back, as many of an energy."""
    scorer = Scorer(data, sampling(data))
    play = scorer._others() if others else data.scoring

    def generated(_: object, data: TrainingData, chosen: Integers, first: int) -> Float32:
        here = play[first : first + len(chosen)]
        cells = data.showers.dense(here) * data.energy_mev[here, None].astype(np.float32)
        return change(cells, data.energy_mev[here]).reshape(-1, *data.mesh.shape)

    monkeypatch.setattr(module, "generated", generated)
    monkeypatch.setattr(module, "generator_of", lambda decoder, sampling: None)
    return scorer.score(Path("decoder.keras"))


def same(cells: Float32, energy_mev: Array) -> Float32:
    return cells


@pytest.fixture(params=["window", "cylinder"])
def data(request: pytest.FixtureRequest) -> TrainingData:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, TrainingData)
    return found


def test_the_showers_themselves_score_zero(
    data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = score(data, monkeypatch, same, others=False)
    assert found.physics.value == 0
    assert found.fastcalogan.value == 0
    assert all(row.off in (None, 0) for row in found.rows)
    assert found.columns()["worst_mean"] == pytest.approx(0, abs=1e-6)


def test_true_showers_that_are_not_held_back_score_the_floor(window: TrainingData) -> None:
    floor = Scorer(window, sampling(window)).floor
    assert 0 < floor.physics.value < 1
    assert 0 < floor.physics.error < 0.6
    assert abs(floor.fastcalogan.value - 1) < 4 * floor.fastcalogan.error


def test_a_total_that_is_off_scores_by_how_much(
    window: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = [
        score(window, monkeypatch, lambda cells, energy, f=factor: cells * np.float32(f))
        for factor in (1.0, 1.03, 1.10, 1.3)
    ]
    values = [one.physics.value for one in scores]
    assert values == sorted(values)
    assert values[2] > values[0] + 3 * scores[0].physics.error
    assert [one.fastcalogan.value for one in scores] == sorted(
        one.fastcalogan.value for one in scores
    )
    for row in scores[1].rows:
        if row.observable == "response":
            assert row.mean_ratio is not None
            assert row.mean_ratio_error is not None
            assert abs(row.mean_ratio - 1.03) < 4 * row.mean_ratio_error
            # the 1 % that a deviation of 1 stands for, with the noise of this many showers
            assert (row.off or 0) > (row.mean_ratio - 1) / 0.01 - 1.5


def test_too_wide_a_total_shows_in_the_width_alone(
    window: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wider(cells: Float32, energy_mev: Array) -> Float32:
        total = cells.sum(axis=1) / energy_mev
        wanted = total.copy()
        for energy in np.unique(energy_mev):
            here = energy_mev == energy
            wanted[here] += 0.5 * (total[here] - total[here].mean())
        return (cells * (wanted / total)[:, None]).astype(np.float32)

    usual, found = score(window, monkeypatch, same), score(window, monkeypatch, wider)
    for before, after in zip(usual.rows, found.rows, strict=True):
        if before.observable == "response":
            assert after.width_ratio == pytest.approx(1.5 * (before.width_ratio or 0), rel=1e-3)
            assert after.mean_ratio == pytest.approx(before.mean_ratio, abs=1e-4)
        if before.observable == "layer_fraction":
            assert after.mean_ratio == pytest.approx(before.mean_ratio, abs=1e-4)
    assert found.physics.value > usual.physics.value + 0.5


def test_one_bad_observable_does_not_blind_the_score(
    window: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = window.mesh.indices()["z"]

    def without_presampler(cells: Float32, energy_mev: Array) -> Float32:
        """Give the energy of the presampler to the back layer."""
        moved = cells.copy()
        moved[:, layer == 3] *= 1 + (
            cells[:, layer == 0].sum(axis=1) / cells[:, layer == 3].sum(axis=1)
        ).reshape(-1, 1)
        moved[:, layer == 0] = 0
        return moved

    bad = score(window, monkeypatch, without_presampler)
    worse = score(
        window, monkeypatch, lambda cells, energy: without_presampler(cells, energy) * 1.05
    )
    names = {row.name for row in bad.rows if (row.off or 0) > 5}
    assert {"layer_fraction 0", "layer_fraction 3"} <= names
    assert worse.physics.value > bad.physics.value + 0.5


def test_layers_without_energy_are_as_bad_as_can_be(
    window: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = score(window, monkeypatch, lambda cells, energy: 0 * cells)
    assert all(row.generated == 0 for row in found.rows if row.observable == "layer_fraction")
    assert 8 < found.physics.value <= 10


def test_showers_that_are_no_numbers_have_no_score(
    window: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = score(window, monkeypatch, lambda cells, energy: cells * np.float32("nan"))
    assert found.physics.value == found.fastcalogan.value == np.inf
    assert set(found.columns().values()) == {None}
    assert not found.rows


def test_the_error_is_how_much_the_score_moves_from_sample_to_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Score the same law on many disjoint samples: their spread is about the error."""
    whole = load(window_toy.write(tmp_path, n=1200), held_back=0.5)
    pieces = np.arange(len(whole.held_back)) // 2 % 10
    found = []
    for piece in range(10):
        here = pieces == piece
        part = replace(whole, held_back=whole.held_back & here, left_out=None)
        scorer = Scorer(part, sampling(part))
        own = np.flatnonzero(here & ~whole.held_back)
        assert len(own) == len(part.scoring)
        change = np.float32(1.03)  # off by three tolerances

        def cells(chosen: Integers, first: int, own: Array = own, off: Float32 = change) -> Float32:
            taken = own[first : first + len(chosen)]
            energy = whole.energy_mev[taken, None].astype(np.float32)
            return whole.showers.dense(taken) * energy * off

        found.append(scorer._score(part.scoring, cells).physics)
    spread = np.std([one.value for one in found], ddof=1)
    claimed = np.mean([one.error for one in found])
    assert spread / 2 < claimed < 2 * spread


def test_too_few_showers_are_refused(tmp_path: Path) -> None:
    data = load([tiny.write(tmp_path / "siw.h5", n=20)], held_back=0.1)
    with pytest.raises(UsageError, match=r"2 of 'siw', expected 4"):
        Scorer(data, sampling(data))
