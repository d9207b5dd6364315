from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training.ranking import Ranked
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.row import Row
from caloexport.training.start import kept, overrides_of, prepare, table

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


def test_distances_of_profiles_stand_beside_the_energy_with_their_floor() -> None:
    numbers = {
        "longitudinal_profile": (0.1234, 0.0102, 0.02),
        "lateral_profile": (0.05, 0.004, 0.01),
    }
    profiles = [
        Row("siw", name, None, 1024.0, 400, 400, l1=l1, l1_error=error, l1_floor=floor, off=9.0)
        for name, (l1, error, floor) in numbers.items()
    ]
    lines = drawn([TOTAL, *profiles])
    [line] = [line for line in lines if "GeV" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells[6:8] == ["0.123 ± 0.010", "0.0500 ± 0.0040"]
    assert any("longitudinal L1" in line and "lateral L1" in line for line in lines)
    assert any("alike samples of these sizes are 0.01 to 0.02 apart" in line for line in lines)


def training_with(best: Ranked | None) -> Any:
    floor = SimpleNamespace(value=0.1466, error=0.021)
    progress = SimpleNamespace(best=best, updates=900)
    folder = RunFolder(Path("no/such/run"))
    return cast(Any, SimpleNamespace(progress=progress, floor=floor, folder=folder))


def test_the_decoder_that_is_kept_is_told_with_its_score_and_that_of_a_perfect_generator() -> None:
    assert kept(training_with(Ranked(400, 5.3403, 0.0729))) == (
        "kept: after 400 of 900 updates, score 5.340 ± 0.073 (a perfect generator: 0.147 ± 0.021)"
    )
    assert kept(training_with(None)) == "no decoder has been scored"


def test_epochs_in_place_of_the_updates_of_a_preset_and_not_both() -> None:
    assert overrides_of({"epochs": 2, "updates": None}) == {"epochs": 2, "updates": 0}
    assert overrides_of({"epochs": None, "updates": 7}) == {"updates": 7}
    with pytest.raises(UsageError, match="--epochs and --updates both say how long"):
        overrides_of({"epochs": 2, "updates": 7})


def test_resuming_where_no_run_is_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        InputFileError, match=r"no run to go on with: has no config\.toml"
    ) as caught:
        prepare("wgan-gp", tmp_path / "nothing", {}, resume=True)
    assert "leave --resume out" in str(caught.value.hint)
