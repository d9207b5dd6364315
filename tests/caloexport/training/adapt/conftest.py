"""Adaptations that take no time, and a run to adapt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from caloexport.training import loop, recalibration, start
from tests.caloexport.training import tiny_runs
from tests.caloexport.training.eagerly import eagerly

META = """
[conditions]
geometry_codes = { scipb = 1, siw = 2 }

[meta]
inner_updates = 3
"""


@pytest.fixture(autouse=True, scope="package")
def few_passes() -> Iterator[None]:
    """Measure statistics on two batches: forty take most of the time of a short adaptation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recalibration, "PASSES", 2)
        yield


@pytest.fixture(scope="package")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on two detectors, from task to task."""
    pytest.importorskip("tensorflow")
    folder = tmp_path_factory.mktemp("trained")
    wanted = tiny_runs.options(folder, "fastv", updates=6)
    text = wanted["config"].read_text().replace("evaluate_every = 1", "evaluate_updates = 6")
    wanted["config"].write_text(text + META)
    wanted["preset"] = "metahep-reptile"
    with eagerly():
        loop.run(start.prepare("fastv", folder / "run", wanted, resume=False))
    return folder / "run"
