"""The decoder that commands use when none is named."""

from __future__ import annotations

import math

from caloexport.converters.open import open_model
from caloexport.shipped import default_decoder


def test_the_shipped_decoder_samples_every_detector() -> None:
    generator = open_model(default_decoder())
    assert generator.sampling is not None
    names = {condition.name: condition for condition in generator.sampling.conditions}
    for geometry in names["geometry"].categories:
        showers = generator.sample(2, energy_mev=10_000.0, theta_rad=math.pi / 2, geometry=geometry)
        response = showers.sum(axis=(1, 2, 3)) / 10_000.0
        assert ((response > 0.9) & (response < 1.1)).all()


def test_the_shipped_decoder_has_a_card() -> None:
    card = (default_decoder() / "MODEL_CARD.md").read_text("utf-8")
    for heading in ("## Data", "## Recipe", "## Physics", "## Known failures"):
        assert heading in card
