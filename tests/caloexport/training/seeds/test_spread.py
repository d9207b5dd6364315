from __future__ import annotations

import math

import pytest

from caloexport.training.seeds.spread import over_seeds, spread


def test_the_spread_is_the_standard_deviation_of_a_sample() -> None:
    found = spread([1.0, 2.0, 4.0, 5.0])
    assert found.mean == 3.0
    assert found.spread == pytest.approx(math.sqrt((4 + 1 + 1 + 4) / 3))
    assert found.n == 4


def test_one_value_has_no_spread() -> None:
    assert spread([2.0]).spread is None


def test_rows_are_matched_by_what_they_are_about() -> None:
    siw = {"geometry": "siw", "layer": None, "energy_mev": 2e3, "showers": 9}
    scipb = {"geometry": "scipb", "layer": None, "energy_mev": 2e3, "showers": 9}
    tables = [
        [{**siw, "ratio": 1.0, "error": None}, {**scipb, "ratio": 3.0}],
        [{**scipb, "ratio": 5.0}, {**siw, "ratio": 1.2, "error": 0.5}],
    ]
    first, second = over_seeds(tables)
    assert {k: first[k] for k in siw} == siw
    assert first["over_seeds"]["ratio"]["mean"] == pytest.approx(1.1)
    assert first["over_seeds"]["ratio"]["n"] == 2
    assert first["over_seeds"]["error"]["n"] == 1  # the first table has none
    assert second["over_seeds"]["ratio"]["mean"] == pytest.approx(4.0)


def test_seeds_that_have_a_number_for_more_or_fewer_showers_share_a_row() -> None:
    about = {"observable": "f_side", "layer": None, "energy_mev": 2e3, "showers": 9}
    tables = [[{**about, "generated": n, "ratio": 1.0 + n}] for n in (7, 8)]
    (row,) = over_seeds(tables)
    assert {k: row[k] for k in about} == about
    assert row["over_seeds"]["ratio"]["n"] == 2
    assert row["over_seeds"]["generated"]["mean"] == 7.5
