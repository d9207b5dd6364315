from __future__ import annotations

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.validation.windows import windows_around


@pytest.mark.parametrize(
    ("energies_mev", "said"),
    [
        ([0.0], "around 0 MeV, expected > 0"),
        ([5e3, -3e3], "around -3000 MeV, expected > 0"),
        ([float("nan")], "around nan MeV"),
        ([5e3, 1e3, 5e3], "5 GeV is named twice"),
    ],
)
def test_energies_that_choose_nothing_or_twice_are_refused(
    energies_mev: list[float], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        windows_around(energies_mev)
    assert said in str(caught.value)
