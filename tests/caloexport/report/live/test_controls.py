"""Conditions become sliders in the units that physicists read."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from caloexport.report.live.controls import alignments, controls
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding
from caloexport.runtime.errors import OutOfRange, UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from tests.networks import ENERGY, sampling

PHYSICS = sampling(CylinderMesh(3, 4, 5))


def with_conditions(*conditions: Condition) -> Sampling:
    energy = PHYSICS.conditions[0]
    return replace(
        PHYSICS, conditions=(energy, *conditions), encoding=Encoding((ENERGY,)), mesh=ATLAS_WINDOW
    )


def test_labels_units_and_ranges() -> None:
    energy, angle, geometry = controls(PHYSICS, {})
    assert (energy["label"], energy["unit"], energy["size"]) == ("Energy", "GeV", 1e3)
    assert energy["logarithmic"] and not angle["logarithmic"]
    assert (energy["low"], energy["high"], energy["value"]) == (1e3, 64e3, 8e3)
    assert angle["value"] == 75 * math.pi / 180
    assert geometry["titles"] == ["PbWO4", "SciPb", "SiW"]


def test_given_values_are_where_the_page_begins() -> None:
    given = {"energy_mev": 5e4, "geometry": "siw"}
    assert [one["value"] for one in controls(PHYSICS, given)] == [5e4, 75 * math.pi / 180, 2]


def test_the_middle_of_a_range_about_zero_is_zero() -> None:
    """Ends of a trained range are those of random showers: their middle is a tiny number."""
    near = Condition("ripos_eta", -0.0125, 0.01251)
    off = Condition("place_mm", 3.0, 8.0)
    found = [one["value"] for one in controls(with_conditions(near, off), {})]
    assert found[1:] == [0.0, pytest.approx(5.5)]
    assert math.copysign(1, found[1]) == 1


def test_a_value_outside_the_range_is_refused() -> None:
    with pytest.raises(OutOfRange, match="outside the trained range") as caught:
        controls(PHYSICS, {"energy_mev": 1e6})
    assert "fields of the page" in str(caught.value.hint)


def test_codes_are_whole_and_place_the_windows() -> None:
    physics = with_conditions(Condition("pconfig", 0.0, 3.0), Condition("econfig", 0.0, 1.0))
    _, pconfig, econfig = controls(physics, {})
    assert pconfig["whole"] and econfig["whole"]
    assert pconfig["value"] == 2
    found = alignments(physics)
    assert found is not None
    assert found["conditions"] == [1, 2]
    assert found["edges"][3][1] == ATLAS_WINDOW.lower_edges(3, 1).tolist()


def test_the_order_of_categories_is_that_of_the_windows() -> None:
    codes = Condition("pconfig", categories=("2", "0"))
    found = alignments(with_conditions(codes, Condition("econfig", 0.0, 1.0)))
    assert found is not None
    assert found["edges"][0][0] == ATLAS_WINDOW.lower_edges(2, 0).tolist()


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (Condition("pconfig", categories=("0", "north", "1")), "the category 'north'"),
        (Condition("pconfig", categories=("0", "4")), "the category '4'"),
        (Condition("pconfig", categories=("0", "00")), "the category '00'"),
        (Condition("pconfig", categories=("0", "٣")), "the category '٣'"),
        (Condition("pconfig", categories=("0", "9" * 3000)), "the category '9{40}'"),
        (Condition("pconfig", 0.0, 1e9), "the range 0 to 1e.09"),
        (Condition("pconfig", -1.0, 3.0), "the range -1 to 3"),
    ],
)
def test_other_codes_of_the_alignment_are_refused(codes: Condition, told: str) -> None:
    """Skipped, they would shift the others; as large as somebody likes, they would fill memory."""
    with pytest.raises(UnsupportedError, match=f"'pconfig' has {told}, expected codes 0 to 3"):
        alignments(with_conditions(codes, Condition("econfig", 0.0, 1.0)))


def test_without_an_alignment_windows_are_centred() -> None:
    assert alignments(with_conditions()) is None
    assert alignments(PHYSICS) is None
