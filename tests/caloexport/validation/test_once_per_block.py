from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.validation.observables import observables
from caloexport.validation.once_per_block import once, one_block
from caloexport.validation.projections import project
from tests.caloexport.validation.cylinder_showers import MESH, cylinder_showers


class Counted:
    """Sums of a block, and how often they were asked for."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, energies: Array, power: int) -> Array:
        self.calls += 1
        return np.atleast_1d((energies**power).sum())


def test_within_a_block_things_are_worked_out_once_for_each_argument() -> None:
    counted = Counted()
    sums = once(counted)
    block, other = np.arange(3.0), np.arange(3.0)
    with one_block(block):
        assert [float(sums(block, power)[0]) for power in (1, 2, 1, 2)] == [3, 5, 3, 5]
        assert counted.calls == 2
        with one_block(block):  # whoever watches the block may say so again
            sums(block, 1)
        assert counted.calls == 2
        with one_block(other):
            sums(other, 1)
            sums(block, 1)  # not what is looked at now
        assert counted.calls == 4
        sums(block, 2)
        sums(other, 2)
        assert counted.calls == 5
    sums(block, 1)
    assert counted.calls == 6


def test_what_is_shared_cannot_be_changed_and_is_forgotten_after_an_error() -> None:
    energies = cylinder_showers(3, 1).read()
    with pytest.raises(ValueError, match="read-only"), one_block(energies):
        project(energies, MESH, "z")[0] = 0.0
    first = project(energies, MESH, "z")
    first[0] = 0.0
    assert project(energies, MESH, "z")[0].any()


def test_observables_of_one_block_are_those_of_each_alone() -> None:
    showers = cylinder_showers(20, 2)
    energies, conditions = showers.read(), showers.conditions
    names = [name for name in observables if observables[name].applies(MESH)]
    alone = {name: observables[name].compute(energies, MESH, conditions) for name in names}
    with one_block(energies):
        for name in names:
            found = observables[name].compute(energies, MESH, conditions)
            assert np.array_equal(found, alone[name], equal_nan=True), name
