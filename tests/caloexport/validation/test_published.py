from __future__ import annotations

import pytest

from caloexport.runtime.errors import UnknownName
from caloexport.showers.binning import shipped_binnings
from caloexport.validation.published import load_published, published_tables

#: models, best FPD and its model, least separation power of the cell energies
BEST = {
    "calochallenge1-photons": (15, "CaloScore", 0.4381e-3, 0.02e-3),
    "calochallenge1-pions": (12, "CaloDiffusion", 2.775e-3, 0.19e-3),
    "calochallenge2": (17, "CaloDREAM", 24.65e-3, 0.48e-3),
    "calochallenge3": (15, "CaloDREAM", 20.75e-3, 0.38e-3),
}


def test_every_set_has_its_binning() -> None:
    assert published_tables() == shipped_binnings() == list(BEST)


@pytest.mark.parametrize("name", BEST)
def test_tables_are_whole(name: str) -> None:
    table = load_published(name)
    models, best, fpd, cells = BEST[name]
    assert len(table.models) == len({one.name for one in table.models}) == models
    assert table.models[0].name == best
    assert table.models[0].numbers["fpd"] == pytest.approx(fpd)
    assert min(one.numbers["separation_power cell_energy"] for one in table.models) == (
        pytest.approx(cells)
    )
    assert "processors" in " ".join(table.unverified)
    for one in table.models:
        assert one.family
        assert one.parameters is not None
        assert one.parameters > 10_000
        assert one.numbers["fpd"] > table.geant4.numbers["fpd"]
        assert 0.49 < one.numbers["auc_low"] <= 1
        assert len([key for key in one.numbers if key.startswith("separation_power")]) == 10
        assert 0 < one.errors["fpd"] < one.numbers["fpd"]
        assert 0 < one.errors["auc_low"] < 0.02
        assert one.numbers["cpu_ms 1"] > 1
        assert ("auc_cnn" in one.numbers) is (name in ("calochallenge2", "calochallenge3"))


def test_geant4_against_itself() -> None:
    table = load_published("calochallenge1-pions")
    assert table.geant4.numbers["auc_low"] == 0.6089  # its two files differ
    assert table.geant4.numbers["coverage"] == 0.913
    assert table.geant4.numbers["kpd"] == pytest.approx(-0.0075e-3)
    assert table.geant4.parameters is None


def test_a_set_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownName, match="calochallenge2"):
        load_published("calochallenge4")
