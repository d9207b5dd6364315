"""Places where particles enter."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.showers.entries import Entries, parse_entries


def test_places_fill_their_rectangle_and_depend_on_seed_and_number() -> None:
    entries = Entries((-5.0, 1.0), (5.0, 2.0))
    places = entries.draw(4000, 7)
    np.testing.assert_allclose(places.min(axis=0), entries.low_mm, atol=0.02)
    np.testing.assert_allclose(places.max(axis=0), entries.high_mm, atol=0.02)
    np.testing.assert_allclose(places.mean(axis=0), [0, 1.5], atol=0.15)
    np.testing.assert_array_equal(entries.draw(10, 7), places[:10])
    assert (entries.draw(10, 8) != places[:10]).all()


@pytest.mark.parametrize("text", ["1mm", "1mm,2mm,3mm", "1,2", "2mm..1mm,0mm", "1GeV,0mm"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_entries(text)
