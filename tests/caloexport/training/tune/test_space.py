from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import CaloexportError, InputFileError, UnknownName, UsageError
from caloexport.training.families import families
from caloexport.training.plan import Plan, new_plan, varied
from caloexport.training.settings import to_toml
from caloexport.training.tune.space import SPACES, Float, space_of


class Highest:
    """A trial of Optuna that chooses the highest and the last."""

    def suggest_float(self, name: str, low: float, high: float, log: bool) -> float:
        return high

    def suggest_int(self, name: str, low: int, high: int, log: bool) -> int:
        return high

    def suggest_categorical(self, name: str, choices: list[Any]) -> Any:
        assert all(isinstance(choice, (str, int, float)) for choice in choices)
        return choices[-1]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "space.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("family", families.names())
def test_every_family_has_a_space_and_it_fits_its_preset(family: str, showers: Path) -> None:
    plan = new_plan(family, [showers])
    assert (SPACES / f"{family}.toml").exists()
    space = space_of(plan, None)
    chosen = varied(plan, space.suggest(Highest()), "space")
    assert chosen.config != plan.config
    present = space.present(plan.config)
    assert present.keys() == space.parameters.keys()  # a search begins with the preset
    again = varied(plan, space.settings(present), "space")
    for section, settings in plan.config.items():
        if isinstance(settings, dict):
            assert {k: again.config[section][k] for k in settings} == settings


def test_every_space_belongs_to_a_family() -> None:
    assert {path.stem for path in SPACES.glob("*.toml")} <= set(families)


def test_a_users_file_lies_over_the_familys(tmp_path: Path, plan: Plan) -> None:
    text = """
    [training]
    learning_rate = { kind = "float", low = 0.1, high = 0.2 }
    batch = 16
    [network.hidden]
    kind = "categorical"
    choices = [[8, 4], [16, 8]]
    """
    space = space_of(plan, written(tmp_path, text))
    assert space.parameters["training.learning_rate"] == Float(0.1, 0.2)
    assert space.fixed == {"training.batch": 16}
    assert "loss.beta" in space.parameters
    chosen = space.suggest(Highest())
    assert chosen["network"]["hidden"] == [16, 8]
    assert space.present(plan.config)["network.hidden"] == "[8, 4]"


def test_only_leaves_the_familys_out(tmp_path: Path, plan: Plan) -> None:
    text = 'only = true\n[loss.beta]\nkind = "float"\nlow = 0.1\nhigh = 1\nlog = true'
    space = space_of(plan, written(tmp_path, text))
    assert list(space.parameters) == ["loss.beta"]


def test_a_space_is_written_as_it_is_read(tmp_path: Path, plan: Plan) -> None:
    space = space_of(plan, written(tmp_path, "[training]\nbatch = 16"))
    again = space_of(plan, written(tmp_path, to_toml(space.to_toml())), own=True)
    assert again == space
    assert tomllib.loads(to_toml(space.to_toml()))["training"]["batch"] == 16


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("[loss.bta]\nkind = 'float'\nlow = 0\nhigh = 1", UnknownName, "did you mean 'beta'"),
        ("[los.beta]\nkind = 'float'\nlow = 0\nhigh = 1", UnknownName, "did you mean 'loss'"),
        ("[loss.beta]\nkind = 'flot'\nlow = 0\nhigh = 1", UnknownName, "did you mean 'float'"),
        ("[loss.beta]\nkind = 'float'\nlow = 0\nhih = 1", InputFileError, "has no high"),
        ("[loss.beta]\nkind='float'\nlow=0\nhigh=1\nlogg=true", UnknownName, "mean 'log'"),
        ("[loss.beta]\nkind = 'float'\nlow = 2\nhigh = 1", UsageError, "expected low < high"),
        ("[loss.beta]\nkind='float'\nlow=0\nhigh=1\nlog=true", UsageError, "expected a positive"),
        ("[loss.beta]\nkind = 'float'\nlow = -1\nhigh = 1", UsageError, r"loss.beta = -1.*least 0"),
        ("[network.latent]\nkind='float'\nlow=1\nhigh=2", UsageError, "expected int"),
        ("[loss.beta]\nkind = 'categorical'\nchoices = []", UsageError, "choices is empty"),
        ("[loss]\nbeta = 'much'", UsageError, "loss.beta = 'much'"),
        ("only = true", UsageError, "nothing to search"),
        ("beta = 1", InputFileError, "expected tables"),
        ("beta", InputFileError, "not valid TOML"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(
    tmp_path: Path, plan: Plan, text: str, kind: type[CaloexportError], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        space_of(plan, written(tmp_path, text))
    assert "space.toml" in str(caught.value)
