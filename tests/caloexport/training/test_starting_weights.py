"""Weights that another training starts from: rounded where it costs nothing, and read with care."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.precisions.bfloat16 import bfloat16_of
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.training import start, starting_weights
from caloexport.training.checkpoint import write_checkpoint
from caloexport.training.families import Trainer, families
from caloexport.training.planned_data import planned_data
from caloexport.training.planned_trainer import planned_trainer
from caloexport.training.starting_weights import SCHEMA, take_over, weights_file, write_weights
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

KERNEL, BIAS = "fractions/kernel", "fractions/bias"


@pytest.mark.parametrize("family", sorted(tiny_runs.PRESETS))
def test_every_family_starts_from_rounded_weights(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting_weights, "SMALLEST_ROUNDED", 100)
    plan = start.plan_of(family, tiny_runs.options(tmp_path, family))
    data = planned_data(plan)
    trainer, other = planned_trainer(plan, data), families[family].trainer(plan.config, data, 9)
    for moment in trainer.moments().values():
        moment.assign_add(np.ones(moment.shape, "f4"))
    write_weights(trainer, tmp_path / "weights.safetensors")
    take_over(other, tmp_path / "weights.safetensors")
    before, after, rounded = trainer.state(), other.state(), 0
    assert before.keys() == after.keys()
    for name, value in before.items():
        large = value.ndim > 1 and value.size >= 100
        expected = bfloat16_of(value) if large else value
        rounded += large and name not in other.moments()
        if name in other.moments():
            expected = np.zeros_like(value)
        np.testing.assert_array_equal(after[name], expected, err_msg=name)
    assert rounded
    stored = read_safetensors(tmp_path / "weights.safetensors")[0]
    assert stored.keys() == before.keys() - trainer.moments().keys()
    assert sum(array.dtype == np.uint16 for array in stored.values()) == rounded


def test_weights_begin_as_the_averages_that_a_decoder_holds(tmp_path: Path) -> None:
    plan = start.plan_of("atlas-vae", tiny_runs.options(tmp_path, "atlas-vae"))
    data = planned_data(plan)
    with eagerly():
        trainer, fresh = planned_trainer(plan, data), planned_trainer(plan, data)
        for number in range(3):
            trainer.apply(trainer.inputs(number), 1e-2, with_loss=False)
    state = trainer.state()
    write_checkpoint(tmp_path / "checkpoint.safetensors", state, {})
    take_over(fresh, tmp_path / "checkpoint.safetensors")
    averages = {name for name in state if name.startswith("average/")}
    assert averages
    taken = fresh.state()
    for name in averages:
        own = name.removeprefix("average/")
        assert not np.array_equal(state[own], state[name]) or not state[own].any(), name
        np.testing.assert_array_equal(taken[own], state[name])
        np.testing.assert_array_equal(taken[name], state[name])


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    return tiny.trainer(tiny.data(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def arrays(trainer: Trainer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Array]:
    path = tmp_path_factory.mktemp("weights") / "weights.safetensors"
    write_weights(trainer, path)
    return read_safetensors(path)[0]


def refusal(trainer: Trainer, path: Path) -> str:
    """Return why a file is refused; the trainer stays as it was."""
    before = trainer.state()
    with pytest.raises(InputFileError) as caught:
        take_over(trainer, path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    for name, value in trainer.state().items():
        np.testing.assert_array_equal(value, before[name])
    return caught.value.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({KERNEL: None}, "'fractions/kernel' is nothing, expected (8, 60)"),
        ({KERNEL: np.zeros((8, 61), "f4")}, "'fractions/kernel' is (8, 61), expected (8, 60)"),
        ({BIAS: np.zeros(60, "f8")}, "'fractions/bias' is of float64, expected float32"),
        ({BIAS: np.full(60, np.nan, "f4")}, "'fractions/bias' holds numbers that are not finite"),
        ({KERNEL: np.full((8, 60), 0x7F80, "u2")}, "'fractions/kernel' holds numbers that are"),
        ({"low_rank/a": np.zeros((8, 2), "f4")}, "'low_rank/a' and 'low_rank/b' are (8, 2) and ()"),
        (
            {"low_rank/a": np.zeros((8, 2), "f4"), "low_rank/b": np.zeros((3, 60), "f4")},
            "'low_rank/a' and 'low_rank/b' are (8, 2) and (3, 60), which make no change of (8, 60)",
        ),
    ],
)
def test_other_weights_are_refused(
    change: dict[str, Array | None], told: str, trainer: Trainer, arrays: dict[str, Array],
    tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "weights.safetensors"
    kept = {name: value for name, value in {**arrays, **change}.items() if value is not None}
    write_safetensors(path, kept, {"schema": SCHEMA})
    assert refusal(trainer, path).startswith(told)


def longer(content: bytes) -> bytes:
    """Claim an array of a petabyte, in a file of a few kilobytes."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header[KERNEL] = {"dtype": "F32", "shape": [10**7, 10**7], "data_offsets": [0, 4 * 10**14]}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:5],
        lambda content: b"",
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: content.replace(b'"schema":"caloexport', b'"schema":"another-org'),
        longer,
    ],
    ids=["truncated", "cut in its length", "empty", "endless header", "another schema", "a bomb"],
)
def test_damaged_files_are_refused(
    damage: Callable[[bytes], bytes], trainer: Trainer, arrays: dict[str, Array], tmp_path: Path
) -> None:
    path = tmp_path / "weights.safetensors"
    write_safetensors(path, arrays, {"schema": SCHEMA})
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(trainer, path)


def test_a_run_is_taken_before_what_was_published_of_it(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="has no weights to go on from") as caught:
        weights_file(tmp_path)
    assert "installed ones are decoders alone" in str(caught.value.hint)
    for name in ("weights.safetensors", "checkpoint.safetensors"):
        (tmp_path / name).touch()
        assert weights_file(tmp_path).name == name
