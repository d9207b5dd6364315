"""Every family is adapted: from task to task, to other showers, interrupted, and converted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.readers import Choices, readers
from caloexport.training import loop, start
from caloexport.training.adapt.start import prepare
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.families import families
from caloexport.training.meta.trainer import MetaTrainer
from caloexport.training.settings import to_toml
from tests.caloexport.training import every_family
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.same_runs import assert_same_run

pytest.importorskip("tensorflow")

STEPS = 2 * every_family.STAY


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


@pytest.mark.parametrize("family", list(families))
def test_a_family_is_adapted_after_an_interruption_too_and_converted(
    family: str, tmp_path: Path
) -> None:
    asked = every_family.options(tmp_path, family, updates=every_family.STAY, meta=True)
    trained = start.prepare(family, tmp_path / "run", asked, resume=False)
    assert isinstance(trained.trainer, MetaTrainer)
    loop.run(trained)

    config = tmp_path / "adapt.toml"
    config.write_text(to_toml({"training": every_family.TRAINING}))
    data = every_family.further_showers(tmp_path, family)
    wanted = {"data": data, "steps": STEPS, "config": config}
    whole = prepare(tmp_path / "run", tmp_path / "whole", wanted, resume=False)
    loop.run(whole)

    loop.run(
        prepare(tmp_path / "run", tmp_path / "stopped", wanted, resume=False),
        on_score=lambda updates, scored: True,
    )
    loop.run(prepare(tmp_path / "run", tmp_path / "stopped", {}, resume=True))
    assert_same_run(tmp_path / "whole", tmp_path / "stopped")

    before, _ = read_checkpoint(tmp_path / "run" / "checkpoint.safetensors")
    after = whole.trainer.state()
    names = [name for name in after if name.endswith("kernel") and "/" in name]
    assert any(not np.array_equal(after[name], before[name]) for name in names)

    generator = readers["run folder"].read(tmp_path / "whole", Choices())
    exported = export(generator, "numba", tmp_path / "whole.safetensors")
    assert exported.verification is not None
    assert exported.verification.equal
