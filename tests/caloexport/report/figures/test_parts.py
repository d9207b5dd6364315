"""Parts of samples by angle and geometry."""

from __future__ import annotations

import numpy as np

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.parts import parts_of
from caloexport.report.figures.picture import ImagePanel
from caloexport.validation.measurement import measure
from tests.caloexport.report.html.pages import cylinder_showers


def test_a_spectrum_of_angles_is_cut_into_windows_that_hold_all() -> None:
    theta = {"theta_rad": np.linspace(1.0, 1.5, 50)}
    parts = parts_of(theta, theta)
    assert [part.label for part in parts] == ["57.3° to 66.8°", "66.8° to 76.4°", "76.4° to 85.9°"]
    assert sum(part.inside(theta).astype(int) for part in parts).tolist() == [1] * 50


def test_parts_that_one_sample_lacks_are_left_out() -> None:
    one = {"geometry": np.array(["siw", "pbwo4", "siw"])}
    other = {"geometry": np.array(["siw", "scipb"])}
    assert [part.label for part in parts_of(one, other)] == ["siw"]
    assert parts_of(one, {}) == []
    assert parts_of(other, {"geometry": np.array(["pbwo4"])}) == []


def test_one_angle_and_one_geometry_are_no_parts() -> None:
    alone = {"theta_rad": np.full(4, 1.57), "geometry": np.full(4, "siw")}
    assert parts_of(alone, alone) == []


def test_pictures_of_a_part_are_those_of_its_showers() -> None:
    reference, generated = cylinder_showers(1), cylinder_showers(2)
    [inclined, _] = parts_of(reference.conditions, generated.conditions)
    compared = ComparedPictures(reference, generated, part=inclined)
    for showers, watch in zip((reference, generated), compared.watches, strict=True):
        measure(showers, watch=watch)
    [profile] = [one for one in compared.pictures if one.name == "longitudinal-profile"]
    row = profile.rows[0]
    assert not isinstance(row, ImagePanel)
    chosen = (reference.conditions["energy_mev"] == 1e3) & inclined.inside(reference.conditions)
    mean = reference.read()[chosen].sum(axis=(1, 2), dtype=np.float64).mean(axis=0)
    np.testing.assert_allclose(row[0].reference.values, mean, rtol=1e-5)


def test_every_energy_can_be_had() -> None:
    reference = cylinder_showers(1, n=4)
    reference.conditions["energy_mev"] = np.repeat([1e3, 2e3, 4e3, 8e3], 2)
    compared = ComparedPictures(reference, reference)
    for watch in compared.watches:
        measure(reference, watch=watch)
    counts = []
    for pictures in (compared.pictures, compared.at_every_energy):
        [spectrum] = [one for one in pictures if one.name == "cell-spectrum"]
        row = spectrum.rows[0]
        assert not isinstance(row, ImagePanel)
        counts.append([panel.energy for panel in row])
    assert counts == [["1 GeV", "4 GeV", "8 GeV"], ["1 GeV", "2 GeV", "4 GeV", "8 GeV"]]
