from __future__ import annotations

from caloexport.converters.contracts import contracts
from caloexport.runtime.conditions import Condition
from caloexport.training.coverage import gaps

CONTRACT = "athena-dnncalosim"
ASKED = contracts[CONTRACT].assumed


def with_one(condition: Condition) -> list[Condition]:
    return [condition if one.name == condition.name else one for one in ASKED]


def test_showers_that_cover_what_is_asked_for_have_no_gaps() -> None:
    assert list(gaps(CONTRACT, ASKED)) == list(gaps(None, ())) == []
    assert list(gaps(CONTRACT, with_one(Condition("energy_mev", 512.0, 1e6)))) == []
    # random impact points never reach the very edge of a cell
    assert list(gaps(CONTRACT, with_one(Condition("ripos_eta", -0.01249, 0.01248)))) == []


def test_a_range_that_falls_short_is_told() -> None:
    (line,) = gaps(CONTRACT, with_one(Condition("energy_mev", 1024.0, 65536.0)))
    assert "energy_mev of 1024 to 262144, the showers cover 1024 to 65536" in line
    (line,) = gaps(CONTRACT, with_one(Condition("ripos_eta", 0.0, 0.0125)))
    assert line.startswith("the consumer of athena-dnncalosim asks for ripos_eta of -0.0125")


def test_a_category_without_showers_is_told() -> None:
    (line,) = gaps(CONTRACT, with_one(Condition("pconfig", categories=("0", "2"))))
    assert line.endswith("asks for pconfig = 1, 3, of which there are no showers")
