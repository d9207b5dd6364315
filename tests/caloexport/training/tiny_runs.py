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
per_update = 2
hidden = [6, 4]
{critics}

[training]
batch = 4
learning_rate = 1e-3
final_learning_rate = 1e-4
held_back = 0.25
held_back_fewest = 0
evaluate_updates = 6
mirror = ["eta"]
{training}
"""
PRESETS = {"fastv": "metahep", "wgan-gp": "atlas-dnncalosim"}


def shower_files(folder: Path, family: str) -> tuple[Path, ...]:
    """Write the showers that a family is trained on."""
    if family == "fastv":
        return tuple(tiny.write(folder / f"{name}.h5", name) for name in ("siw", "scipb"))
    return tuple(window_toy.write(folder, n=24))


def config(folder: Path, family: str, **sections: str) -> Path:
    """Write a configuration that shrinks the preset; ``sections`` are further lines of it."""
    lines = {name: sections.get(name, "") for name in ("network", "critics", "training")}
    text = tiny.CONFIG + lines["training"] if family == "fastv" else WGAN.format(**lines)
    return tiny.config(folder, text)


def options(folder: Path, family: str, updates: int = 18, **sections: str) -> dict[str, Any]:
    """Return what a user would ask for."""
    return {
        "data": shower_files(folder, family),
        "preset": PRESETS[family],
        "config": config(folder, family, **sections),
        "seed": 5,
        "updates": updates,
    }


def begin(folder: Path, family: str, name: str = "run", **choices: Any) -> Training:
    """Begin a run in a folder."""
    return start.prepare(family, folder / name, options(folder, family, **choices), resume=False)
