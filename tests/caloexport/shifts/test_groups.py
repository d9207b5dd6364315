from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.manifest import Sampling
from caloexport.shifts.groups import groups_of
from tests.networks import decoder


def physics() -> Sampling:
    found = decoder().sampling
    assert found is not None
    return found


def test_every_group_has_one_energy_and_one_detector() -> None:
    groups = groups_of(physics(), 900)
    assert len(groups) == 9
    assert {len(group) for group in groups} == {100}
    energies = [float(group.fixed["energy_mev"]) for group in groups[::3]]
    assert energies == pytest.approx([1_000.0, 8_000.0, 64_000.0])
    for group in groups:
        assert (group.conditions["energy_mev"] == group.fixed["energy_mev"]).all()
        assert (group.conditions["geometry"] == group.fixed["geometry"]).all()
        theta = group.conditions["theta_rad"]  # what is not fixed covers its range
        assert 1.04 < theta.min() < 1.1
        assert 1.5 < theta.max() < 1.571
    assert str(groups[0]) == "1 GeV, pbwo4"


def test_no_latent_is_used_twice_and_all_are_the_same_every_time() -> None:
    latents = np.concatenate([group.inputs[:, :10] for group in groups_of(physics(), 90)])
    assert len(np.unique(latents, axis=0)) == 90
    again = np.concatenate([group.inputs[:, :10] for group in groups_of(physics(), 90)])
    np.testing.assert_array_equal(latents, again)


def test_a_single_energy_makes_one_group_of_each_detector() -> None:
    usual = physics()
    fixed = Condition("energy_mev", 10_000.0, 10_000.0)
    single = replace(usual, conditions=(fixed, *usual.conditions[1:]))
    assert [str(group) for group in groups_of(single, 30)] == [
        "10 GeV, pbwo4",
        "10 GeV, scipb",
        "10 GeV, siw",
    ]
