"""Tables of a model card: what a published decoder's showers are like, by the kind of mesh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from caloexport.runtime.registry import Registry
from caloexport.showers.showers import Showers

#: generated showers for each one of the reference, so that the generator's own statistics hardly count
COPIES = 8
SEED = 1_000_003  # not the one that the epoch was picked with

#: (reference, folder of the decoder, energies that were not trained on, MeV) -> Markdown
Tables = Callable[[Showers, Path, Sequence[float]], str]

physics_tables: Registry[Tables] = Registry(
    "card table", "caloexport.training.publishing.tables", "caloexport.card_tables"
)
