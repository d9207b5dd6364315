from __future__ import annotations

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.mesh_text import parse_mesh


def test_numbers_and_sizes() -> None:
    assert parse_mesh("18x50x45:2.325mm,3.4mm") == CylinderMesh(18, 50, 45, 2.325, 3.4)
    assert parse_mesh(" 3 × 4×5 : 1cm, 2 mm") == CylinderMesh(3, 4, 5, 10.0, 2.0)
    assert parse_mesh("24x24x24") == CylinderMesh(24, 24, 24)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no mesh"),
        ("18x50", "is no mesh"),
        ("18x50x45:", "is no mesh"),
        ("18x50x45:1mm", "is no mesh"),
        ("18x50x45:1mm,2mm,3mm", "is no mesh"),
        ("18x50x45:1,2", "'1' has no unit"),
        ("18x50x45:1mm,2GeV", "'GeV' in '2GeV' is a unit of energy"),
        ("18x50x45:1mm,-2mm", "makes no sense"),
        ("0x50x45", "makes no sense"),
        ("9999x9999x9999", "999,700,029,999 cells, at most 16,777,216"),
        ("٣x4x5", "is no mesh"),
    ],
)
def test_what_is_no_mesh(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_mesh(text)
