"""Showers of the reference that are handed in as generated ones."""

from __future__ import annotations

import numpy as np

from caloexport.showers import from_arrays
from caloexport.validation.copied import copied
from caloexport.validation.measurement import measure
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge
from tests.caloexport.validation.cylinder_showers import cylinder_showers


def test_copies_among_other_showers_are_counted_whatever_their_order_and_precision() -> None:
    reference, generated = cylinder_showers(24, 1), cylinder_showers(24, 2)
    assert judge(reference, generated, load_profile()).notes == []
    cells = generated.read().astype("f8")
    in_both_layers = reference.read().any(axis=(2, 3)).all(axis=1)
    taken = np.flatnonzero(in_both_layers)[[9, 4, 6, 1, 0]]
    cells[3:8] = reference.read()[taken]
    energy_mev = generated.conditions["energy_mev"].copy()
    energy_mev[3:8] = reference.conditions["energy_mev"][taken]
    mixed = from_arrays(cells * (1 + 1e-12), generated.mesh, {"energy_mev": energy_mev})
    said = (
        "5 of 24 generated showers are showers of the reference: copies say nothing of a generator"
    )
    assert judge(reference, mixed, load_profile()).notes == [said]


def test_showers_without_energy_are_no_copies() -> None:
    reference = cylinder_showers(6, 1)
    empty = from_arrays(np.zeros_like(reference.read()), reference.mesh, reference.conditions)
    assert copied(measure(empty), measure(empty), 6) == []
