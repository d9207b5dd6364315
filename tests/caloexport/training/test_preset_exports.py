"""Every preset of the ATLAS families: trained for two updates, then written in every format.

Presets that differ in their training alone leave the same decoder, which is written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.contracts import contracts
from caloexport.converters.export import export
from caloexport.converters.keras_files.read import read_keras_model
from caloexport.converters.open import open_model
from caloexport.runtime.generator import Generator
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.data import TrainingData, load
from caloexport.training.decoder import Decoder, DecoderSettings
from caloexport.training.families import families, preset_names
from caloexport.training.heads import Head
from caloexport.training.loop import begin, run
from caloexport.training.plan import new_plan, read_preset, resumed_plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.sections import read_sections
from caloexport.training.settings import to_toml
from caloexport.training.terms import Terms
from tests.caloexport.training import voxel_toy, window_toy
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

PRESETS = [
    (family, preset)
    for family in families.names()
    if family != "fastv"  # has its own mesh, and tests of its own
    for preset in preset_names(family)
]
#: preset -> one of its family with the same decoder
SAME = {
    ("atlas-vae", "atlas-vae-iaf"): "atlas-vae",
    ("wgan-gp", "atlas-penalty-1e-13"): "atlas-dnncalosim",
    ("wgan-gp", "atlas-published"): "atlas-dnncalosim",
    ("wgan-gp", "atlas-single-critic"): "atlas-dnncalosim",
    ("wgan-gp", "atlas-two-critics"): "atlas-dnncalosim",
}
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


@dataclass(frozen=True)
class Trained:
    """A preset after its two updates: its run, what converters read of it, and its contract."""

    run: RunFolder
    generator: Generator
    contract: str | None


@pytest.fixture(scope="module", params=[pair for pair in PRESETS if pair not in SAME], ids="/".join)
def trained(
    request: pytest.FixtureRequest,
    files: dict[str, list[Path]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Trained:
    """Train a preset."""
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
        training = begin(plan, folder / "run")
        run(training)
    generator = open_model(training.folder.path)
    return Trained(training.folder, generator, settings.get("contract") or None)


@pytest.mark.parametrize("target", TARGETS)
def test_a_preset_is_written_and_proven_under_its_contract(
    trained: Trained, target: str, tmp_path: Path
) -> None:
    contract = trained.contract
    known = contract is not None and target in contracts[contract].forms
    generator = apply_contract(trained.generator, contract if known else None, target)

    exported = export(generator, target, tmp_path / f"exported-{target}")

    assert exported.verification is not None
    assert exported.verification.equal
    assert exported.verification.vectors > 0


def test_converters_open_the_weights_that_were_scored(trained: Trained) -> None:
    """These are the averaged ones, of a preset that has such."""
    (first, *_) = (node for node in trained.generator.network.nodes if node.kind == "dense")
    state, _ = read_checkpoint(trained.run.checkpoint)
    holders = [k for k, v in state.items() if np.array_equal(v, first.weights["kernel"])]
    averaged = resumed_plan(trained.run.path).config["network"].get("average", 0) > 0
    assert [name.startswith("average/") for name in holders] == [averaged]


@pytest.mark.parametrize(("pair", "other"), SAME.items())
def test_a_preset_that_only_trains_otherwise_has_the_decoder_of_the_other(
    pair: tuple[str, str], other: str, files: dict[str, list[Path]], tmp_path: Path
) -> None:
    family, preset = pair
    showers = load(files["cells"], held_back=0.25)
    found = decoder(family, preset, showers, tmp_path / "found.keras")
    assert found == decoder(family, other, showers, tmp_path / "other.keras")


def decoder(family: str, preset: str, showers: TrainingData, path: Path) -> tuple[Any, ...]:
    """Return what an export sees of a preset's decoder, but for the values of its weights."""
    settings = read_preset(family, preset)
    read = read_sections(
        {"network": DecoderSettings, "output": Head, "conditions": Terms}, settings
    )
    encoding = read["conditions"].encoding
    made = Decoder(read["network"], read["output"], encoding, showers, seed=0)
    made.save(path)
    network = read_keras_model(path).network
    place = {name: i for i, name in enumerate([*network.inputs, *(n.name for n in network.nodes)])}
    nodes = [
        (
            node.kind,
            [place[name] for name in node.inputs],
            dict(node.attributes),
            {name: weight.shape for name, weight in node.weights.items()},
        )
        for node in network.nodes
    ]
    return made.sampling, nodes, settings.get("contract")


def test_contracts_of_presets_are_met_in_a_format_of_theirs() -> None:
    named = {pair: read_preset(*pair).get("contract") for pair in PRESETS}
    assert named["wgan-gp", "atlas-dnncalosim"] == "athena-dnncalosim"
    assert named["wgan-gp", "fastcalogan"] == "fastcalosim-v2"
    assert named["wgan-gp", "caloshowergan"] == "fastcalosim-v2"
    assert named["wgan-gp", "fastcalogan-v1"] == "fastcalosim-v1"
    for contract in filter(None, named.values()):
        assert set(contracts[contract].targets) & set(TARGETS)
