from __future__ import annotations

from dataclasses import asdict

import pytest

from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.gflash.tuning import (
    load_tuning,
    tuning_for,
    tuning_hash,
    tuning_names,
)


@pytest.mark.parametrize("name", ["default", "pbwo4", "scipb", "siw"])
def test_shipped_tunings_stay_close_to_the_paper(name: str) -> None:
    assert name in tuning_names()
    tuning = load_tuning(name)
    factors = [value for key, value in asdict(tuning).items() if key.endswith("_scale")]
    assert all(0.3 < factor < 1.6 for factor in factors)
    assert 0 < tuning.escaping < 0.02
    assert len(tuning_hash(name)) == 64


@pytest.mark.parametrize(
    ("detector", "name"),
    [("siw", "siw"), ("calochallenge2", "siw"), ("pbwo4", "pbwo4"), ("fcc-siw", "default")],
)
def test_a_stack_is_known_by_its_slabs(detector: str, name: str) -> None:
    assert tuning_for(load_detector(detector)) == name


def test_the_name_of_a_detector_tunes_nothing() -> None:
    data = dict(load_detector("siw").data)
    data["stack"] = [{"repeat": 9, "slabs": [{"material": "G4_W", "thickness": "2mm"}]}]
    assert tuning_for(detector_from_data("siw", data)) == "default"
    thick = dict(load_detector("pbwo4").data)
    thick["stack"] = [{"slabs": [{"material": "G4_PbWO4", "thickness": "220mm", "active": True}]}]
    assert tuning_for(detector_from_data("longer", thick)) == "pbwo4"
