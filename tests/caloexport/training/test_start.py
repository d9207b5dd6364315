from __future__ import annotations

from rich.console import Console

from caloexport.training.scoring.row import Row
from caloexport.training.start import table

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


def drawn(rows: list[Row]) -> list[str]:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table(rows))
    return captured.get().splitlines()


def test_the_table_has_a_line_per_energy_with_what_is_furthest_off() -> None:
    later = Row("siw", "response", None, 2048.0, 240, 240)
    lines = [line for line in drawn([TOTAL, *OTHERS, later]) if "GeV" in line]
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
    assert cells == [
        ["siw", "1.024 GeV", "400", "1.0041 ± 0.0023", "0.980 ± 0.041", "1.20 ± 0.31",
         "sparsity 2: 8.3, depth: 3.1"],
        ["siw", "2.048 GeV", "240", "", "", "", ""],
    ]  # fmt: skip
