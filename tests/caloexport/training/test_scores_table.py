from __future__ import annotations

from rich.console import Console

from caloexport.training.scores_table import tables
from caloexport.training.scoring.row import Row

TOTAL = Row(
    "siw", "response", None, 1024.0, 400, 400, chi2_ndf=1.2, chi2_ndf_error=0.31,
    mean_ratio=1.00412, mean_ratio_error=0.0023, width_ratio=0.98, width_ratio_error=0.041, off=0.2,
)  # fmt: skip
OTHERS = [
    Row("siw", "sparsity", 1, 1024.0, 400, 400, off=7.1),
    Row("siw", "sparsity", 2, 1024.0, 400, 400, off=8.3),
    Row("siw", "depth", None, 1024.0, 400, 400, off=3.14),
    Row("siw", "occupancy", None, 1024.0, 400, 400, chi2_ndf=99.0),
]


def cells(rows: list[Row]) -> list[list[str]]:
    """Return the cells of the lines of all tables."""
    console = Console(width=200)
    with console.capture() as captured:
        for table in tables(rows):
            console.print(table)
    lines = [line for line in captured.get().splitlines() if "GeV" in line]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_the_table_has_a_line_per_energy_with_what_is_furthest_off() -> None:
    later = Row("siw", "response", None, 2048.0, 240, 240)
    assert cells([TOTAL, *OTHERS, later]) == [
        ["siw", "1.024 GeV", "400", "1.0041 ± 0.0023", "0.980 ± 0.041", "1.20 ± 0.31",
         "sparsity 2: 8.3, depth: 3.1"],
        ["siw", "2.048 GeV", "240", "", "", "", ""],
    ]  # fmt: skip


def test_distances_of_profiles_have_a_table_with_their_floors() -> None:
    numbers = {
        "longitudinal_profile": (0.1234, 0.0102, 0.02),
        "lateral_profile": (0.05, 0.004, 0.01),
    }
    profiles = [
        Row("siw", name, None, 1024.0, 400, 400, l1=l1, l1_error=error, l1_floor=floor, off=9.0)
        for name, (l1, error, floor) in numbers.items()
    ]
    assert cells([TOTAL, *OTHERS, *profiles])[1:] == [
        ["siw", "1.024 GeV", "0.123 ± 0.010 (0.02)", "0.0500 ± 0.0040 (0.01)"]
    ]
