"""Every preset of the ATLAS families: trained for two updates, then written in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.contracts import contracts
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.runtime.generator import Generator
from caloexport.training.families import families, preset_names
from caloexport.training.loop import begin, run
from caloexport.training.plan import new_plan, read_preset
from caloexport.training.settings import to_toml
from tests.caloexport.training import voxel_toy, window_toy
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

PRESETS = [
    (family, preset)
    for family in families.names()
    if family != "fastv"  # has its own mesh, and tests of its own
    for preset in preset_names(family)
]
TARGETS = ("lwtnn", "onnx", "savedmodel", "numba")


def shrunk(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with narrow layers: each list of widths becomes one of 3, 4, ..."""
    small = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            small[key] = shrunk(value)
        elif isinstance(value, list) and value and all(isinstance(x, int) for x in value):
            small[key] = [3 + k for k in range(len(value))]
        else:
            small[key] = value
    return small


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    folder = tmp_path_factory.mktemp("showers")
    return {"cells": window_toy.write(folder, n=8), "voxels": voxel_toy.write(folder, n=8)}


@pytest.fixture(scope="module", params=PRESETS, ids="/".join)
def trained(
    request: pytest.FixtureRequest,
    files: dict[str, list[Path]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Generator, str | None]:
    """Train a preset; return what converters read of its run, and its contract."""
    family, preset = request.param
    settings = read_preset(family, preset)
    needed = {term["condition"] for term in settings["conditions"]["terms"]}
    data = files["cells" if "ripos_eta" in needed else "voxels"]
    small = shrunk(settings)
    if "critics" in small:
        small["critics"]["per_update"] = 1
    small["training"] |= {"batch": 2, "updates": 2, "evaluate_updates": 2, "held_back_fewest": 2}
    folder = tmp_path_factory.mktemp(preset)
    config = folder / "small.toml"
    config.write_text(to_toml(small))
    plan = new_plan(family, data, preset=preset, config=config)
    with eagerly():
        run(begin(plan, folder / "run"))
    return open_model(folder / "run"), settings.get("contract") or None


@pytest.mark.parametrize("target", TARGETS)
def test_a_preset_is_written_and_proven_under_its_contract(
    trained: tuple[Generator, str | None], target: str, tmp_path: Path
) -> None:
    generator, contract = trained
    known = contract is not None and target in contracts[contract].forms
    generator = apply_contract(generator, contract if known else None, target)

    exported = export(generator, target, tmp_path / f"exported-{target}")

    assert exported.verification is not None
    assert exported.verification.equal
    assert exported.verification.vectors > 0


def test_contracts_of_presets_are_met_in_a_format_of_theirs() -> None:
    named = {pair: read_preset(*pair).get("contract") for pair in PRESETS}
    assert named["wgan-gp", "atlas-dnncalosim"] == "athena-dnncalosim"
    assert named["wgan-gp", "fastcalogan"] == "fastcalosim-v2"
    assert named["wgan-gp", "caloshowergan"] == "fastcalosim-v2"
    assert named["wgan-gp", "fastcalogan-v1"] == "fastcalosim-v1"
    for contract in filter(None, named.values()):
        assert set(contracts[contract].targets) & set(TARGETS)
