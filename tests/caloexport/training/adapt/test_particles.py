"""A particle as a condition: tasks are particles, and a third one has a column of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.readers import Choices, readers
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training import loop, start
from caloexport.training.adapt.new_detector import with_columns
from caloexport.training.adapt.start import prepare
from caloexport.training.meta.trainer import MetaTrainer
from tests.caloexport.training import tiny
from tests.caloexport.training.adapt.test_start import SETTINGS
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

PARTICLES = """
[conditions]
pdg_codes = { "11" = 1, "22" = 2 }
pdg_size = 3

[meta]
tasks = "pdg"
inner_updates = 2
"""


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


def options(folder: Path, *particles: int | None) -> dict[str, Any]:
    """Return what a user asks for who trains on several particles in one detector."""
    text = tiny.CONFIG.replace("evaluate_every = 1", "evaluate_updates = 2\nepochs = 1") + PARTICLES
    data = [tiny.write(folder / f"{pdg}.h5", pdg=pdg, n=40 + i) for i, pdg in enumerate(particles)]
    return {
        "data": data, "preset": "metahep-reptile", "config": tiny.config(folder, text), "updates": 2,
    }  # fmt: skip


def test_electrons_and_photons_are_tasks_and_positrons_are_adapted_to(tmp_path: Path) -> None:
    asked = options(tmp_path, 11, 22)
    trained = start.prepare("fastv", tmp_path / "run", asked, resume=False)
    trainer = trained.trainer
    assert isinstance(trainer, MetaTrainer)
    assert [task.name for task in trainer.batches.tasks] == ["pdg 11", "pdg 22"]  # type: ignore[attr-defined]
    conditions = trainer.batches.conditions
    assert conditions.shape == (81, 2 + 3 + 3)
    for pdg, column in ((11, 1), (22, 2)):
        np.testing.assert_array_equal(
            conditions[trained.data.conditions["pdg"] == pdg, 5:],
            np.eye(3)[[column]].repeat(40 + (pdg == 22), 0),
        )
    loop.run(trained)

    positrons = tiny.write(tmp_path / "positrons.h5", pdg=-11, n=60)
    config = tmp_path / "adapt.toml"
    config.write_text(SETTINGS)
    wanted = {"data": [positrons], "steps": 2, "config": config}
    loop.run(prepare(tmp_path / "run", tmp_path / "new", wanted, resume=False))
    codes = tomllib.loads((tmp_path / "new" / "config.toml").read_text())["conditions"]["pdg_codes"]
    assert codes == {"11": 1, "22": 2, "-11": 0}

    generator = readers["run folder"].read(tmp_path / "new", Choices())
    assert generator.manifest.sampling is not None
    [particle] = [c for c in generator.manifest.sampling.conditions if c.name == "pdg"]
    assert particle.categories == ("-11",)
    both = readers["run folder"].read(tmp_path / "run", Choices())
    fixed = apply_contract(both, None, "onnx", fixes=["pdg=22"])
    for seed in range(3):
        given: dict[str, Any] = {"energy_mev": 8000.0, "theta_rad": np.pi / 2, "geometry": "siw"}
        photon = both.sample(**given, pdg="22", n=2, seed=seed)
        np.testing.assert_allclose(
            fixed.sample(**given, n=2, seed=seed), photon, rtol=1e-4, atol=1e-3
        )
        assert np.abs(both.sample(**given, pdg="11", n=2, seed=seed) - photon).max() > 1e-3


def test_a_particle_without_a_column_or_a_file_without_particles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hold the particles -11, 11; the preset knows 11, 22"):
        start.prepare("fastv", tmp_path / "run", options(tmp_path, 11, -11), resume=False)
    with pytest.raises(InputFileError, match=r"None\.h5: the preset needs the condition 'pdg'"):
        start.prepare("fastv", tmp_path / "run", options(tmp_path, 11, None), resume=False)


def test_a_third_particle_needs_a_column_that_is_free() -> None:
    full = {"conditions": {"pdg_codes": {"11": 0, "22": 1}, "pdg_size": 2}}
    with pytest.raises(
        UsageError, match="code of pdg is left for -11: 11, 22 have all 2"
    ) as caught:
        with_columns(full, ["-11", "22"], "pdg")
    assert caught.value.hint == "adapt a model that has a free column: pdg_size beyond its codes"
    told_nothing: dict[str, Any] = {"conditions": {}}
    assert with_columns(told_nothing, ["-11"], "pdg") == told_nothing
