from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import Showers, from_arrays, showers
from caloexport.showers.chosen import with_energies

MESH = CylinderMesh(1, 2, 3)


def numbered(n: int) -> Showers:
    """Make showers of energies 0, 7, 14, ... modulo n, whose cells hold their number."""
    cells = np.repeat(np.arange(float(n)), 6).reshape(n, *MESH.shape)
    return from_arrays(cells, MESH, {"energy_mev": 7.0 * np.arange(n) % n, "pdg": np.arange(n)})


def test_blocks_hold_what_is_chosen_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = numbered(50)
    some = with_energies(whole, 10.0, 29.0)
    wanted = np.flatnonzero(
        (whole.conditions["energy_mev"] >= 10) & (whole.conditions["energy_mev"] <= 29)
    )
    assert (some.n, some.conditions["pdg"].tolist()) == (20, wanted.tolist())
    monkeypatch.setattr(showers, "BLOCK_BYTES", 4 * 6 * 8)  # eight showers
    blocks = [cells[:, 0, 0, 0] for _, cells in some.chunks()]
    assert [len(block) for block in blocks] == [8, 8, 4]
    assert np.concatenate(blocks).tolist() == wanted.tolist()
    assert some.read(slice(3, 3)).shape == (0, *MESH.shape)


def test_a_damaged_shower_is_told_by_its_number_in_the_file() -> None:
    whole = numbered(50)
    cells = whole.read().copy()
    cells[3], cells[4] = -1.0, np.nan
    damaged = from_arrays(cells, MESH, whole.conditions)
    with pytest.raises(InputFileError, match=r"shower 3 has the energy -1 MeV"):
        with_energies(damaged, 21.0, 21.0).read()
    assert with_energies(damaged, 14.0, 14.0).read().all()  # the next one is not looked at


def test_an_energy_that_no_shower_has_is_refused() -> None:
    with pytest.raises(UsageError, match="has no shower of 60 MeV to 70 MeV") as refused:
        with_energies(numbered(50), 60.0, 70.0)
    assert refused.value.hint == "it has showers of 0 eV to 49 MeV, the nearest of 49 MeV"
    with pytest.raises(UsageError, match=r"has no shower of 4\.2 MeV \(") as refused:
        with_energies(numbered(50), 4.2, 4.2)
    assert refused.value.hint.endswith("the nearest of 4 MeV")
