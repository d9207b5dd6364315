from __future__ import annotations

import numpy as np

from caloexport.validation.classifiers.inputs import inputs_of
from caloexport.validation.classifiers.pairing import pairing


def test_every_shower_is_in_one_part_with_its_label() -> None:
    usual, found = np.arange(40.0)[:, None], 100 + np.arange(30.0)[:, None]
    both = pairing(inputs_of(usual), inputs_of(found), np.random.default_rng(1))
    assert both.n == 30
    parts = [both.part(0, 18), both.part(18, 24), both.part(24, 30)]
    rows = np.concatenate([both.read(part)[:, 0] for part in parts])
    labels = np.concatenate([both.labels(part) for part in parts])
    assert len(set(rows)) == 60
    assert ((rows < 100) == labels).all()
    assert [both.labels(part).mean() for part in parts] == [0.5] * 3
    shuffled = np.random.default_rng(2).permutation(parts[0])
    assert ((both.read(shuffled)[:, 0] < 100) == both.labels(shuffled)).all()
    assert (np.diff(both.read(parts[0])[:18, 0]) < 0).any()  # in random order


def test_showers_made_for_the_same_energy_stay_together() -> None:
    energies = np.arange(20.0)[:, None]
    both = pairing(inputs_of(energies), inputs_of(energies), np.random.default_rng(3))
    some = both.read(both.part(4, 9))[:, 0]
    assert (some[:5] == some[5:]).all()
