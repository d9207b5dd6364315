"""The decoders that travel with the package."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from caloexport.converters.open import open_model
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.shipped import default_decoder
from caloexport.training.publishing.exports import read_exports

MODELS = sorted(path.parent for path in default_decoder().parent.glob("*/decoder.keras"))
#: all that is committed, and what a wheel may carry of it
LARGEST_TOTAL, LARGEST_DECODERS = 40e6, 20e6


def test_the_shipped_decoder_samples_every_detector() -> None:
    generator = open_model(default_decoder())
    assert generator.sampling is not None
    names = {condition.name: condition for condition in generator.sampling.conditions}
    for geometry in names["geometry"].categories:
        showers = generator.sample(2, energy_mev=10_000.0, theta_rad=math.pi / 2, geometry=geometry)
        response = showers.sum(axis=(1, 2, 3)) / 10_000.0
        assert ((response > 0.9) & (response < 1.1)).all()


@pytest.mark.parametrize("name", ["atlas-gan", "atlas-vae"])
def test_photons_of_atlas_have_their_energy_at_both_ends(name: str) -> None:
    generator = open_model(default_decoder().parent / name)
    assert generator.sampling is not None
    assert isinstance(generator.sampling.mesh, WindowMesh)
    place = {"ripos_eta": 0.0, "ripos_phi": 0.0, "pconfig": 0, "econfig": 0}
    for energy_mev, response in ((1024.0, 0.164), (262_144.0, 0.181)):
        showers = generator.sample(400, seed=1, energy_mev=energy_mev, **place)
        mean = float((showers.sum(axis=1) / energy_mev).mean())
        assert mean == pytest.approx(response, rel=0.03)  # four errors at 1 GeV


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_every_shipped_decoder_has_a_card_and_lists_its_files(model: Path) -> None:
    card = (model / "MODEL_CARD.md").read_text("utf-8")
    for heading in ("## Data", "## Recipe", "## Physics", "## Known failures"):
        assert heading in card
    assert read_exports(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_what_adapting_a_model_takes_is_whole(model: Path) -> None:
    files = {path.name for path in model.iterdir()}
    decoder = {"MODEL_CARD.md", "decoder.keras", "exports.toml", "manifest.json"}
    assert files in (decoder, decoder | {"weights.safetensors", "config.toml"})


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_no_shipped_model_names_a_place_of_the_machine_that_made_it(model: Path) -> None:
    for path in model.iterdir():
        if path.suffix in (".md", ".json", ".toml"):
            assert not re.search(r"""["'` (]/[a-z]+/""", path.read_text("utf-8")), path.name


def test_the_shipped_decoders_stay_small() -> None:
    folder = default_decoder().parent
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < LARGEST_TOTAL
    assert sum((model / "decoder.keras").stat().st_size for model in MODELS) < LARGEST_DECODERS
