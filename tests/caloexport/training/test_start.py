from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training.ranking import Ranked
from caloexport.training.run_folder import RunFolder
from caloexport.training.start import kept, overrides_of, prepare


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
