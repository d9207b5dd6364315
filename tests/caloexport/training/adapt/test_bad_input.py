"""What an adaptation says of showers that do not fit, and what is left when it is stopped."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.mesh_choice import choose_meshes
from caloexport.training import loop
from caloexport.training.adapt.plan import adaptation_plan
from caloexport.training.adapt.start import prepare
from caloexport.training.batches import TooFewShowers
from caloexport.training.divergence import Diverged
from caloexport.training.feed import Feed
from tests.caloexport.training import tiny, window_toy
from tests.caloexport.training.adapt.test_start import wanted
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.test_divergence import contents, spoiled

pytest.importorskip("tensorflow")


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


def refused(trained: Path, folder: Path, *files: Path, **options: Any) -> UsageError:
    """Return the error of an adaptation that cannot begin, and leaves nothing."""
    asked = {**wanted(folder), "data": files, **options}
    with pytest.raises(UsageError) as caught:
        prepare(trained, folder / "new", asked, resume=False)
    assert not (folder / "new").exists()
    return caught.value


def test_other_cells_are_refused_with_the_command_that_makes_the_right_ones(
    trained: Path, tmp_path: Path
) -> None:
    mesh = tiny.MESH.__class__(2, 4, 5, 2.0, 3.0)
    error = refused(trained, tmp_path, tiny.write(tmp_path / "other.h5", "pbwo4", mesh=mesh))
    assert (
        error.message
        == "has 2 x 4 x 5 cells in r, φ and z, 'run' makes 3 x 4 x 5 cells in r, φ and z"
    )
    assert str(error.where).endswith("other.h5")
    command = re.search(
        r"caloexport (simulate geant4 --detector (\w+) --mesh (\w+))", str(error.hint)
    )
    assert command is not None
    [made] = choose_meshes(load_detector(command[2]), [command[3]])
    assert made.parameters is not None
    assert tuple(made.parameters["cells"]) == tiny.MESH.shape


def test_cells_of_another_size_are_those_of_another_detector(trained: Path, tmp_path: Path) -> None:
    mesh = tiny.MESH.__class__(3, 4, 5, 9.0, 9.0)
    file = tiny.write(tmp_path / "larger.h5", "pbwo4", mesh=mesh)
    assert adaptation_plan(trained, [file], 4).beyond == ()


def test_cells_in_another_order_are_refused_with_the_command_that_reorders_them(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    right = tiny.write(tmp_path / "right.h5", "pbwo4")
    convert = ["data", "convert", "right.h5", "flat.h5", "--format", "calochallenge"]
    assert CliRunner().invoke(cli, convert).exit_code == 0
    error = refused(trained, tmp_path, tmp_path / "flat.h5")
    assert error.message == "stores cells in the order z-phi-r, 'run' in r-phi-z"
    hint = str(error.hint).split()
    assert hint[:3] == ["caloexport", "data", "convert"]
    assert CliRunner().invoke(cli, hint[1:]).exit_code == 0
    assert adaptation_plan(trained, [tmp_path / hint[4]], 4).data == (tmp_path / hint[4],)
    assert right.exists()


def test_cells_of_another_kind_are_refused(trained: Path, tmp_path: Path) -> None:
    error = refused(trained, tmp_path, window_toy.write(tmp_path, (1024.0,), n=4)[0])
    assert error.message == "has cells of a window in η and φ, 'run' makes cells of a cylinder"


def test_too_few_showers_are_refused_with_the_number_that_is_enough(
    trained: Path, tmp_path: Path
) -> None:
    config = tmp_path / "batch.toml"
    config.write_text("[training]\nbatch = 8\n")  # 200 are held back, or half of them
    few = [tiny.write(tmp_path / f"{n}.h5", "pbwo4", n=n) for n in (4, 6)]
    error = refused(trained, tmp_path, *few, config=config)
    assert (
        error.message
        == "5 training showers do not fill a batch of 8: of 10 showers 5 are held back"
    )
    found = re.fullmatch(
        r"adapt to (\d+) showers or more, or set batch = (\d+) in .* as --config", str(error.hint)
    )
    assert found is not None
    enough, batch = map(int, found.groups())
    assert (enough, batch) == (15, 5)
    for n, fits in ((enough - 1, False), (enough, True)):
        asked = {"data": (tiny.write(tmp_path / f"{n}.h5", "pbwo4", n=n),), "config": config}
        if fits:
            prepare(trained, tmp_path / "new", asked, resume=False)
        else:
            refused(trained, tmp_path, *asked["data"], config=config)


def test_too_few_of_many_showers_are_refused_with_the_option_that_takes_more(
    trained: Path, tmp_path: Path
) -> None:
    error = refused(trained, tmp_path, *wanted(tmp_path)["data"], most=5)
    assert (
        error.message
        == "5 training showers do not fill a batch of 8: of 60 showers 15 are held back"
    )
    assert error.hint == "train on more, with --showers 8"


def test_a_family_of_several_batches_an_update_says_how_many_showers_it_takes(
    tmp_path: Path,
) -> None:
    data = window_toy.data(tmp_path, n=8)
    schedule: Any = type("Some", (), {"rotate": False, "mirror": (), "balance": 0.0, "batch": 16})
    noise: Any = None
    with pytest.raises(TooFewShowers, match="fewer than the 80 of an update") as caught:
        Feed(data, window_toy.ENCODING, noise, schedule, 5, 0)
    assert (caught.value.found, caught.value.wanted) == (18, 80)


def test_energies_outside_of_the_range_of_the_run_are_told_and_become_its_own(
    trained: Path, tmp_path: Path
) -> None:
    file = tiny.write(tmp_path / "high.h5", "pbwo4", n=60, highest_mev=500e3, theta_deg=60.0)
    config, new = str(wanted(tmp_path)["config"]), tmp_path / "new"
    options = ["--data", str(file), "--config", config, "-o", str(new), "--steps", "2", "--json"]
    result = CliRunner().invoke(cli, ["-q", "adapt", str(trained), *options])
    assert result.exit_code == 0
    energy, theta = json.loads(result.stdout)["beyond"]
    conditions = {one["name"]: one for one in _conditions(trained)}
    assert energy["trained"] == [conditions["energy_mev"]["low"], conditions["energy_mev"]["high"]]
    assert energy["showers"][1] > 2 * energy["trained"][1]
    assert (theta["condition"], theta["trained"][0]) == ("theta_rad", pytest.approx(np.pi / 2))
    assert re.search(
        r"warning: the showers have energy_mev of 1.* the run was trained on 1", result.stderr
    )
    assert "warning: the showers have theta_rad of 1.0472 to 1.0472, the run was" in result.stderr
    own = {one["name"]: one for one in _conditions(new)}
    assert [own["energy_mev"]["low"], own["energy_mev"]["high"]] == energy["showers"]
    again = prepare(trained, new, {}, resume=True)
    assert [one.to_json() | {"trained": None} for one in again.plan.beyond] == [
        {**one, "showers": tuple(one["showers"]), "trained": None} for one in (energy, theta)
    ]


def _conditions(run: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((run / "manifest.json").read_text())["sampling"][
        "conditions"
    ]
    return found


def test_one_that_diverges_keeps_what_was_good_and_goes_on_with_a_lower_rate(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = prepare(trained, tmp_path / "new", wanted(tmp_path), resume=False)
    before: dict[str, str] = {}

    def remember(updates: int, scored: object) -> bool:
        before.update(contents(training.folder.path))
        return False

    with monkeypatch.context() as patch, pytest.raises(Diverged) as caught:
        patch.setattr(training.trainer, "apply", spoiled(training, 5))
        loop.run(training, on_score=remember)
    assert caught.value.exit_code == 1
    assert "the checkpoint of update 3 is kept; go on from there with --resume --config" in str(
        caught.value
    )
    assert contents(training.folder.path) == before
    assert {"checkpoint.safetensors", "decoder.keras", "manifest.json"} <= set(before)
    lower = tmp_path / "lower.toml"
    lower.write_text("[training]\nlearning_rate = 1e-4\n")
    again = prepare(trained, tmp_path / "new", {"config": lower}, resume=True)
    assert again.plan.changed == ("from update 3: [training] learning_rate = 0.0001",)
    loop.run(again)
    assert again.progress.updates == 6


def test_what_has_moved_is_found_where_the_user_says(trained: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(trained, run)
    config = run / "config.toml"
    config.write_text(
        re.sub(r"data = .*", 'data = ["gone/siw.h5", "gone/scipb.h5"]', config.read_text())
    )
    options = wanted(tmp_path)  # the showers of the run are not needed any more
    new = prepare(run, tmp_path / "new", options, resume=False).folder.path
    moved = options["data"][0].rename(tmp_path / "moved.h5")
    with pytest.raises(InputFileError, match=r"pbwo4.h5: cannot be read: No such file") as caught:
        prepare(run, new, {}, resume=True)
    assert caught.value.hint == f"if it has moved, say so in data of [run] in {new / 'config.toml'}"
    text = (new / "config.toml").read_text()
    (new / "config.toml").write_text(text.replace(str(options["data"][0]), str(moved)))
    elsewhere = run.rename(tmp_path / "elsewhere")  # needed until there is a checkpoint
    with pytest.raises(InputFileError, match=r"checkpoint\.safetensors: cannot be read") as caught:
        prepare(elsewhere, new, {}, resume=True)
    assert caught.value.hint == "if it has moved, say so in start of [run] in config.toml"
    text = (new / "config.toml").read_text()
    (new / "config.toml").write_text(text.replace(f'"{run}/', f'"{elsewhere}/'))
    assert prepare(elsewhere, new, {}, resume=True).plan.data == (moved,)
