from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import Showers, from_arrays
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge

MESH = CylinderMesh(3, 4, 5)
ENERGY_MEV = np.repeat([1e3, 4e3], 16)


def showers(seed: int) -> Showers:
    random = np.random.default_rng(seed)
    cells = random.exponential(1.0, (len(ENERGY_MEV), *MESH.shape)).astype(np.float32)
    return from_arrays(cells, MESH, {"energy_mev": ENERGY_MEV})


def emptied(energy_mev: float) -> Showers:
    cells = showers(0).read()
    cells[energy_mev == ENERGY_MEV] = 0
    return from_arrays(cells, MESH, {"energy_mev": ENERGY_MEV}, name="full.h5")


def test_a_reference_that_is_empty_at_one_energy_is_refused() -> None:
    with pytest.raises(InputFileError) as caught:
        judge(emptied(4e3), showers(1), load_profile())
    assert "full.h5: all its 16 showers from 3.96 GeV to 4.04 GeV are empty" in str(caught.value)
    assert "data info" in str(caught.value.hint)


def test_an_empty_generated_sample_fails() -> None:
    verdict = judge(showers(1), emptied(4e3), load_profile())
    assert not verdict.passed
    assert verdict.findings["EN001"].status == "fail"


def test_no_number_of_an_empty_sample_is_negative_or_wanting_of_showers() -> None:
    """The samples have other energies in each window, which an empty sample is not moved by."""
    random = np.random.default_rng(5)
    usual, own = (np.sort(random.uniform(1e3, end, 64)) for end in (8e3, 7e3))
    cells = random.exponential(1.0, (64, *MESH.shape)) * (usual[:, None, None, None] / 1e3)
    cells[random.random(cells.shape) < 0.5 / (usual[:, None, None, None] / 1e3)] = 0
    reference = from_arrays(cells, MESH, {"energy_mev": usual})
    empty = from_arrays(0 * cells, MESH, {"energy_mev": own})
    verdict = judge(reference, empty, load_profile(), [(1e3, 4e3), (4e3, 8e3)])
    assert (verdict.findings["CE002"].status, verdict.findings["CE002"].value) == ("fail", 0)
    assert verdict.findings["EN003"].where == "generated showers without energy have no slope"
    assert verdict.findings["SH005"].where == "the generated showers are empty"
    told = {code: found.where for code, found in verdict.findings.items()}
    assert {code for code, where in told.items() if "no such number" in where} == set()
    assert "layers" not in told["CO001"]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
def test_a_cell_that_is_no_energy_is_found_in_the_generated_sample(wrong: float) -> None:
    cells = showers(1).read()
    cells[5, 1, 2, 3] = wrong
    generated = from_arrays(cells, MESH, {"energy_mev": ENERGY_MEV})
    verdict = judge(showers(0), generated, load_profile())
    assert verdict.findings["NU001"].value == 1
    assert verdict.findings["NU001"].where == (
        f"shower 5 has the energy {wrong:g} MeV in cell (r=1, phi=2, z=3)"
    )
    assert "no energies" in verdict.findings["EN001"].where
    assert not verdict.passed


def test_a_sample_without_showers_is_refused() -> None:
    none, some = (
        from_arrays(np.ones((n, *MESH.shape)), MESH, {"energy_mev": np.full(n, 1e3)})
        for n in (0, 3)
    )
    for reference, generated in ((none, some), (some, none)):
        with pytest.raises(UsageError, match="holds no showers"):
            judge(reference, generated, load_profile())
