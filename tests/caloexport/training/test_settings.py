from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import CaloexportError, InputFileError, UnknownName, UsageError
from caloexport.training.families import families, preset_names, preset_path
from caloexport.training.fastv.settings import Loss, Network
from caloexport.training.plan import new_plan
from caloexport.training.settings import Schedule, merge, read_section, read_toml, to_toml
from tests.caloexport.training import tiny


@pytest.mark.parametrize("family", families.names())
def test_every_preset_is_valid_and_says_what_it_is(family: str, tmp_path: Path) -> None:
    assert families[family].default_preset in preset_names(family)
    data = tiny.write(tmp_path / "a.h5")
    for name in preset_names(family):
        plan = new_plan(family, [data], preset=name)
        assert plan.config["summary"]


def test_a_run_is_written_and_read_back_as_the_same_settings(tmp_path: Path) -> None:
    import tomllib

    settings = read_toml(preset_path("fastv", "metahep"))
    assert tomllib.loads(to_toml(settings)) == settings


def test_a_section_of_another_kind_replaces_that_of_the_preset() -> None:
    base = {"output": {"kind": "cells", "activation": "relu"}}
    same, other = {"output": {"kind": "cells"}}, {"output": {"kind": "layer-fractions"}}
    assert merge(base, same, "a.toml") == base
    assert merge(base, other, "a.toml") == other


def test_an_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'par04'"):
        preset_path("fastv", "par4")


@pytest.mark.parametrize(
    ("content", "error", "match"),
    [
        ("[training]\nbach = 3", UnknownName, "did you mean 'batch'"),
        ("[trainig]\nbatch = 3", UnknownName, "did you mean 'training'"),
        ("[training]\nbatch = 'many'", InputFileError, "batch: is 'many', expected int"),
        ("[training]\nbatch = 1", UsageError, "batch normalization"),
        ("[training]\nheld_back = 1.0", UsageError, "expected a fraction"),
        ("[loss]\nbeta = '1/n'", UsageError, "1/batch"),
        ("[loss]\nbeta = -0.1", UsageError, "at least 0"),
        ("[network]\nmesh = [1, 2]", UsageError, "three positive numbers"),
        ("[network]\nhidden = 3", InputFileError, "hidden: is 3"),
        ("[conditions]\ngeometry_size = 1", UsageError, "column"),
        ("[network\n", InputFileError, "is not valid TOML"),
        ("a = " + 10_000 * "[", InputFileError, "is not valid TOML"),
        (1_000_001 * "#", InputFileError, "has 1000001 bytes, more than any settings"),
        ("training = 3", InputFileError, "expected a section"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, content: str, error: type[CaloexportError], match: str
) -> None:
    data = tiny.write(tmp_path / "a.h5")
    with pytest.raises(error, match=match) as raised:
        new_plan("fastv", [data], config=tiny.config(tmp_path, content))
    assert "tiny.toml" in str(raised.value)


def test_whole_numbers_count_as_numbers_but_booleans_do_not() -> None:
    assert read_section(Schedule, {"learning_rate": 1}, "here").learning_rate == 1.0
    with pytest.raises(InputFileError):
        read_section(Schedule, {"learning_rate": True}, "here")
    assert read_section(Network, {"hidden": [3, 4]}, "here").hidden == (3, 4)


def test_beta_is_a_number_that_the_batch_does_not_change_except_in_the_legacy_recipe() -> None:
    assert Loss(0.003).beta_for(64) == Loss(0.003).beta_for(128) == 0.003
    legacy = read_section(Loss, read_toml(preset_path("fastv", "legacy-par04"))["loss"], "legacy")
    assert (legacy.beta_for(100), legacy.beta_for(128)) == (1 / 100, 1 / 128)
