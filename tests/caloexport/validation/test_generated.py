"""A model under the conditions of a reference: what it may be asked beyond its range."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.shipped import default_decoder
from caloexport.showers import open_showers, sample
from caloexport.validation.generated import generated_showers
from caloexport.validation.notes import notes_of
from tests.caloexport.validation.window_showers import window_decoder, window_showers

#: the decoder was trained from 1 to 65 GeV
ENERGIES = (4e3, 130e3, 260e3)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "toy.safetensors"
    export(window_decoder(), "numba", path, verify=False)
    return path


def test_named_energies_are_extrapolated(model: Path) -> None:
    reference = window_showers(ENERGIES, 5)
    found = generated_showers(model, reference, untrained_mev=(130e3, 260e3))
    assert found.attributes["out_of_range"] == "extrapolate"
    assert found.conditions["energy_mev"].tolist() == reference.conditions["energy_mev"].tolist()
    assert np.isfinite(found.read()).all()


def test_energies_that_nobody_named_are_refused(model: Path) -> None:
    reference = window_showers(ENERGIES, 5)
    for named in ((), (130e3,), (4e3,)):
        with pytest.raises(OutOfRange, match="energy_mev = ") as refused:
            generated_showers(model, reference, untrained_mev=named)
        assert "--untrained" in str(refused.value.hint)


def test_places_are_never_extrapolated(model: Path) -> None:
    reference = window_showers(ENERGIES, 5)
    reference.conditions["ripos_phi"][0] = 0.02
    with pytest.raises(OutOfRange, match=r"ripos_phi = 0\.02") as refused:
        generated_showers(model, reference, untrained_mev=ENERGIES[1:])
    assert "--untrained" not in str(refused.value.hint)


def test_inside_of_the_range_naming_changes_nothing(model: Path) -> None:
    reference = window_showers((4e3, 25e3), 5)
    found = generated_showers(model, reference, untrained_mev=(25e3,))
    assert np.array_equal(found.read(), generated_showers(model, reference).read())


def test_cells_are_looked_at_before_conditions(model: Path) -> None:
    with open_showers(sample("siw")) as reference, pytest.raises(UsageError) as refused:
        generated_showers(model, reference)
    assert "has the mesh η x φ cells" in refused.value.message
    bare = window_showers((4e3,), 5)
    del bare.conditions["pconfig"]
    with pytest.raises(UsageError, match="needs the condition 'pconfig'") as refused:
        generated_showers(model, bare)
    assert "this one tells energy_mev, ripos_eta, ripos_phi, econfig" in str(refused.value.hint)


def test_a_geometry_is_for_models_of_several(model: Path) -> None:
    with pytest.raises(UsageError, match="a model of one detector") as refused:
        generated_showers(model, window_showers((4e3,), 5), geometry="siw")
    assert refused.value.hint == "leave --geometry out"
    with open_showers(sample("siw")) as reference:
        notes = []
        for geometry in ("siw", "scipb"):
            found = generated_showers(default_decoder(), reference, geometry=geometry)
            notes += notes_of(reference, found, [])
    assert notes == [
        "geometries differ: reference siw, generated scipb: metrics compare different detectors"
    ]
