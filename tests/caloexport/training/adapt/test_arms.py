"""What an adaptation is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training import loop, start
from caloexport.training.adapt.arms import SCRATCH, Arm, alike, arms_of
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("arms")
    wanted = tiny_runs.options(found, "fastv", updates=2)
    with eagerly():
        loop.run(start.prepare("fastv", found / "run", wanted, resume=False))
    tiny.write(found / "pbwo4.h5", "pbwo4", n=60)
    return found


def arms(folder: Path, *others: str, low_rank: int = 0) -> list[Arm]:
    given = dict.fromkeys(others, folder / "run")
    return arms_of(folder / "run", given, [folder / "pbwo4.h5"], 5, [10], low_rank=low_rank)


def test_low_rank_is_a_further_way_and_not_one_from_scratch(folder: Path) -> None:
    found = {arm.name: arm for arm in arms(folder, "again", low_rank=2)}
    assert [*found] == ["adapted", "adapted, low rank 2", "again", SCRATCH]
    ranks = [arm.plan.config.get("low_rank", {}).get("rank") for arm in found.values()]
    assert ranks == [None, 2, None, None]
    assert found["adapted, low rank 2"].stem == "adapted-low-rank-2-10"


def test_all_train_alike_but_start_elsewhere(folder: Path) -> None:
    found = arms(folder, "again")
    assert alike(found[0].plan) == alike(found[-1].plan)
    told = [arm.to_json() for arm in found]
    assert [one["start"] for one in told] == ["run", "run", None]
    assert told[0]["start_sha256"] == told[1]["start_sha256"] != told[2]["start_sha256"]
    assert alike(found[0].plan)["final_learning_rate"] == alike(found[0].plan)["learning_rate"]


def test_a_run_with_another_batch_of_symmetries_is_refused(folder: Path, tmp_path: Path) -> None:
    text = (folder / "run" / "config.toml").read_text()
    other = tmp_path / "other"
    other.mkdir()
    for path in (folder / "run").iterdir():
        if path.is_file() and path.name != "config.toml":
            (other / path.name).write_bytes(path.read_bytes())
    assert "rotate = true" in text
    (other / "config.toml").write_text(text.replace("rotate = true", "rotate = false"))
    with pytest.raises(UsageError, match="'other' would train with rotate = False, 'adapted' with"):
        arms_of(folder / "run", {"other": other}, [folder / "pbwo4.h5"], 5, [10])


def test_fresh_weights_may_start_from_other_settings_too(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.toml").write_text("[network]\nstart_from_mean = false\n")
    plain = {"plain": tmp_path / "plain.toml"}
    found = arms_of(folder / "run", {}, [folder / "pbwo4.h5"], 5, [10], scratch=plain)
    assert [arm.name for arm in found] == ["adapted", SCRATCH, "plain"]
    assert [arm.plan.start is None for arm in found] == [False, True, True]
    means = [arm.plan.config["network"].get("start_from_mean", True) for arm in found]
    assert means == [True, True, False]
    (tmp_path / "plain.toml").write_text("[training]\nbatch = 9\n")
    with pytest.raises(UsageError, match="'plain' would train with batch = 9"):
        arms_of(folder / "run", {}, [folder / "pbwo4.h5"], 5, [10], scratch=plain)


@pytest.mark.parametrize("name", ["adapted", SCRATCH])
def test_a_name_that_is_taken_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is the name of an arm"):
        arms(folder, name)


@pytest.mark.parametrize("names", [("../up",), ("from-scratch",), ("a b", "a-b")])
def test_names_that_files_cannot_have_are_refused(folder: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=f"'{names[-1]}' cannot name an arm"):
        arms(folder, *names)


def test_more_showers_than_there_are_cannot_be_compared(folder: Path) -> None:
    with pytest.raises(UsageError, match="has 30 showers to train on beside those held back"):
        arms_of(folder / "run", {}, [folder / "pbwo4.h5"], 5, [10, 31])
