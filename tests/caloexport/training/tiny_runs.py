"""Trainings of every family, so small that an update takes a millisecond."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.training import start
from caloexport.training.training import Training
from tests.caloexport.training import tiny, window_toy

WGAN = """
[network]
latent = 4
hidden = [6]
{network}

[critics]
per_update = {per_update}
hidden = [6, 4]
{critics}

[training]
batch = 4
learning_rate = 1e-3
final_learning_rate = {final}
held_back = 0.25
held_back_fewest = 0
evaluate_updates = 6
mirror = ["eta"]
{training}
"""
VAE = """
[network]
latent = 3
hidden = [6]
{network}

[encoder]
hidden = [6]

[flow]
steps = 1
hidden = [4]
context = 3

[training]
batch = 8
learning_rate = 1e-3
final_learning_rate = {final}
held_back = 0.25
held_back_fewest = 0
evaluate_updates = 6
mirror = ["eta"]
{training}
"""
#: of the families that are trained on windows of cells
CONFIGS = {"wgan-gp": WGAN, "atlas-vae": VAE}
PRESETS = {"fastv": "metahep", "wgan-gp": "atlas-dnncalosim", "atlas-vae": "atlas-vae-iaf"}


def shower_files(folder: Path, family: str) -> tuple[Path, ...]:
    """Write the showers that a family is trained on."""
    if family == "fastv":
        return tuple(tiny.write(folder / f"{name}.h5", name) for name in ("siw", "scipb"))
    return tuple(window_toy.write(folder, n=24))


def config(
    folder: Path, family: str, final: float = 1e-4, per_update: int = 2, **sections: str
) -> Path:
    """Write a configuration that shrinks the preset.

    Args:
        folder: for the file.
        family: of the preset.
        final: learning rate at the end.
        per_update: updates of the critics before each of the generator.
        sections: further lines of a section.
    """
    lines = {name: sections.get(name, "") for name in ("network", "critics", "training")}
    text = (
        tiny.CONFIG + lines["training"]
        if family == "fastv"
        else CONFIGS[family].format(**lines, final=final, per_update=per_update)
    )
    return tiny.config(folder, text)


def options(folder: Path, family: str, updates: int = 18, **choices: Any) -> dict[str, Any]:
    """Return what a user would ask for."""
    return {
        "data": shower_files(folder, family),
        "preset": PRESETS[family],
        "config": config(folder, family, **choices),
        "seed": 5,
        "updates": updates,
    }


def begin(folder: Path, family: str, name: str = "run", **choices: Any) -> Training:
    """Begin a run in a folder."""
    return start.prepare(family, folder / name, options(folder, family, **choices), resume=False)
