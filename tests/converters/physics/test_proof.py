from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.physics.proof import (
    PhysicsVectors,
    judge_energies,
    physics_vectors,
)
from tests.converters.physics.generators import CODES, GENERATORS, LINEAR, generator


def vectors_of(name: str) -> PhysicsVectors:
    model = GENERATORS[name]
    assert model.sampling is not None
    return physics_vectors(model, model.sampling)


def kept(vectors: PhysicsVectors) -> np.ndarray:
    threshold = vectors.sampling.output.threshold_mev
    return np.where(vectors.energies < threshold, 0, vectors.energies)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_vectors_are_what_sampling_gives(name: str) -> None:
    vectors, model = vectors_of(name), GENERATORS[name]
    given = dict(vectors.inputs)
    latents = given.pop("latents", np.zeros((16, 0), np.float32))
    conditions = {}
    for condition in vectors.sampling.conditions:
        values = given[condition.name][:, 0]
        kinds = condition.categories
        conditions[condition.name] = [kinds[int(v)] for v in values] if kinds else values
    expected = model.using("numpy").decode(latents, conditions, out_of_range="extrapolate")
    verification = judge_energies(expected, vectors)
    assert verification.equal, str(verification)
    assert verification.max_mev > 0


def test_the_vectors_reach_both_ends_and_every_category() -> None:
    model = generator((LINEAR, CODES))
    assert model.sampling is not None
    inputs = physics_vectors(model, model.sampling).inputs
    assert list(inputs) == ["latents", "energy_mev", "theta_rad", "geometry"]
    assert {value.shape for key, value in inputs.items() if key != "latents"} == {(16, 1)}
    assert inputs["energy_mev"].min() == 10
    assert inputs["energy_mev"].max() == 1e6
    assert set(inputs["geometry"].ravel()) == {0, 1, 2}


def test_a_wrong_cell_is_named() -> None:
    vectors = vectors_of("one input")
    found = kept(vectors)
    found[3, 7] += 4 * vectors.margins[3]
    verification = judge_energies(found, vectors)
    assert not verification.equal
    assert "DIFFERS" in str(verification)
    assert "worst at cell (r=0, phi=1, z=2), vector 3" in str(verification)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_wrong(value: float) -> None:
    vectors = vectors_of("one input")
    found = kept(vectors)
    found[2, 1] = value
    assert not judge_energies(found, vectors).equal


@pytest.mark.parametrize(
    ("energy", "found", "equal"),
    [
        (0.999, 0.0, True),
        (0.9999999, 0.9999999, True),  # kept by an engine that rounds up
        (1.0000001, 0.0, True),  # cut by one that rounds down
        (1.0000001, 0.5, False),
        (0.9, 0.9, False),  # not cut
        (1.1, 0.0, False),  # cut
        (-0.3, 0.0, True),
    ],
)
def test_either_side_of_the_threshold_is_right_next_to_it(
    energy: float, found: float, equal: bool
) -> None:
    model = GENERATORS["absolute"]
    assert model.sampling is not None
    assert model.sampling.output.threshold_mev == 1.5
    energies = np.array([[1.5 * energy, 10.0]])
    vectors = PhysicsVectors({}, energies, np.array([1e-5]), model.sampling)
    assert judge_energies(np.array([[1.5 * found, 10.0]]), vectors).equal == equal
