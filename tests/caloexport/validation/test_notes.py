"""Sentences that stand beside the numbers of a comparison."""

from __future__ import annotations

import numpy as np

from caloexport.validation.notes import not_compared
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge
from tests.caloexport.validation.cylinder_showers import cylinder_showers


def test_generated_showers_outside_of_the_reference_are_told() -> None:
    reference, generated = cylinder_showers(24, 1), cylinder_showers(24, 2)
    inside = reference.conditions["energy_mev"]
    energy_mev = generated.conditions["energy_mev"].clip(inside.min(), inside.max())
    energy_mev[:2] = (9e3, 11e3)
    generated.conditions["energy_mev"] = energy_mev
    demands = load_profile()
    note = (
        "2 of 24 generated showers are not compared: the reference has none of their energies "
        "(9 GeV to 11 GeV)"
    )
    assert judge(reference, generated, demands).notes == [note]
    # who chooses windows knows that showers lie outside
    assert judge(reference, generated, demands, [(1e3, 4e3)]).notes == []


def test_energies_between_those_of_a_scan_are_outside() -> None:
    windows = [(990.0, 1010.0), (3960.0, 4040.0)]
    assert not_compared(np.array([1e3, 4e3]), windows) == []
    [note] = not_compared(np.array([1e3, 2e3, 4e3]), windows)
    assert note.endswith("none of its energy (2 GeV)")
