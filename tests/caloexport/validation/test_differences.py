from __future__ import annotations

import numpy as np

from caloexport.validation.differences import differences

SPECTRUM = np.geomspace(1e3, 64e3, 500)


def test_the_same_particles_say_nothing() -> None:
    conditions = {"energy_mev": SPECTRUM, "theta_rad": np.full(500, 1.5707963267948966)}
    stored = {name: values.astype(np.float32) for name, values in conditions.items()}
    assert differences(conditions, stored) == []
    random = np.random.default_rng(1)
    drawn = np.exp(random.uniform(np.log(1e3), np.log(64e3), 500))
    assert differences({"energy_mev": SPECTRUM}, {"energy_mev": drawn}) == []


def test_another_spectrum_is_named() -> None:
    [note] = differences({"energy_mev": SPECTRUM}, {"energy_mev": np.full(100, 10e3)})
    assert note == (
        "incident energies differ: reference 1 GeV to 64 GeV (median 8 GeV), generated 10 GeV"
    )


def test_a_wrong_unit_is_suspected_in_energies_that_are_a_thousand_times_others() -> None:
    for factor in (1e3, 1.2e-3):
        [note] = differences({"energy_mev": SPECTRUM}, {"energy_mev": SPECTRUM * factor})
        assert note.endswith("), as if one held GeV for MeV")
    [note] = differences({"energy_mev": SPECTRUM}, {"energy_mev": SPECTRUM / 100})
    assert "GeV for MeV" not in note


def test_other_angles_and_particles_are_named() -> None:
    upright = {"theta_rad": np.full(50, np.pi / 2), "pdg": np.full(50, 11)}
    tilted = {"theta_rad": np.full(50, np.pi / 3), "pdg": np.repeat([11, 22], 25)}
    assert differences(upright, tilted) == [
        "angles differ: reference 90°, generated 60°",
        "particles differ: reference 50 of 11, generated 25 of 11, 25 of 22",
    ]
