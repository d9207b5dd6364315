"""Trainings of every family that the registry has, each from its default preset made small.

Nothing here names a family: one that is registered later is tried without an edited list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.training.extra_sections import META
from caloexport.training.families import families
from caloexport.training.plan import MESH, read_preset
from caloexport.training.settings import to_toml
from tests.caloexport.training import tiny, voxel_toy, window_toy

#: what makes a training quick, in whatever section of a preset it stands
SMALL = {
    "hidden": [6], "latent": 3, "mesh": list(tiny.MESH.shape), "per_update": 2, "steps": 1,
    "context": 3,
}  # fmt: skip
#: updates on one task, and between two scores
STAY = 2
#: of any training on so few showers
TRAINING = {
    "batch": 4, "held_back": 0.25, "held_back_fewest": 0, "final_learning_rate": 1e-4,
    "evaluate_updates": STAY,
}  # fmt: skip
#: by kind of mesh the condition whose values are tasks
TASKS = {"cylinder": "geometry", "window": "pconfig", "layered": "energy_mev"}


def kind_of(family: str) -> str:
    """Return the kind of mesh that a family is made for."""
    return str(read_preset(family, families[family].default_preset)[MESH])


def tasks_of(family: str) -> str:
    """Return a condition of its first showers whose values are tasks."""
    return TASKS[kind_of(family)]


def first_showers(folder: Path, family: str) -> tuple[Path, ...]:
    """Write the showers of several tasks."""
    kind = kind_of(family)
    if kind == "cylinder":
        return tuple(tiny.write(folder / f"{name}.h5", name) for name in ("siw", "scipb"))
    toy: Any = {"window": window_toy, "layered": voxel_toy}[kind]
    return tuple(toy.write(folder, n=24))


def further_showers(folder: Path, family: str) -> tuple[Path, ...]:
    """Write others, to adapt to."""
    kind = kind_of(family)
    if kind == "cylinder":
        return (tiny.write(folder / "again.h5", "siw", n=60),)
    toy: Any = {"window": window_toy, "layered": voxel_toy}[kind]
    return tuple(toy.write(folder, (8192.0, 65536.0), n=24))


def options(folder: Path, family: str, updates: int, *, meta: bool = False) -> dict[str, Any]:
    """Return what a user would ask for who trains a small generator of a family."""
    preset = read_preset(family, families[family].default_preset)
    sections = {
        name: {key: SMALL[key] for key in section if key in SMALL}
        for name, section in preset.items()
        if isinstance(section, dict)
    }
    sections["training"] = TRAINING
    if meta:
        sections[META] = {"tasks": tasks_of(family), "inner_updates": STAY}
    config = folder / "small.toml"
    config.write_text(to_toml(sections))
    data = first_showers(folder, family)
    return {"data": data, "config": config, "seed": 5, "updates": updates}
