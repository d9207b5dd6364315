from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.aims import aims
from caloexport.simulation.detector_file import load_detector

NAME = "atlas-cell"


def test_points_fill_the_cell_and_alignments_are_equally_likely() -> None:
    detector = load_detector("atlas-barrel")
    assert detector.aim == NAME
    random = np.random.default_rng(5)
    drawn = [aims[NAME](detector, random) for _ in range(2000)]
    assert {entry for entry, _ in drawn} == {(0.0, 0.0)}
    place = {key: np.array([others[key] for _, others in drawn]) for key in drawn[0][1]}
    assert list(place) == ["ripos_eta", "ripos_phi", "pconfig", "econfig"]
    for name, size in (("ripos_eta", 0.025), ("ripos_phi", math.pi / 128)):
        assert np.abs(place[name]).max() <= size / 2
        # Athena scales by these: cell width over √12
        assert place[name].std() == pytest.approx(size / math.sqrt(12), rel=0.05)
    counts = np.unique(np.stack([place["pconfig"], place["econfig"]]), axis=1, return_counts=True)
    assert len(counts[1]) == 8
    assert counts[1].min() > 180  # 250 expected, four standard deviations


def test_a_detector_without_window_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a mesh of the kind window"):
        aims[NAME](load_detector("siw"), np.random.default_rng(0))
