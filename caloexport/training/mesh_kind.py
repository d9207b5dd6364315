"""The kind of mesh that a preset is made for, held against shower files before they are read."""

from __future__ import annotations

from pathlib import Path

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import n_cells
from caloexport.showers.open import open_showers
from caloexport.training.families import families, preset_names
from caloexport.training.plan import MESH, MESHES, Plan, read_preset


def presets_for(kind: str, family: str) -> list[str]:
    """List the presets of a family that are made for a kind of mesh.

    >>> presets_for("window", "atlas-vae"), presets_for("window", "fastv")
    (['atlas-vae', 'atlas-vae-iaf'], [])
    """
    return [name for name in preset_names(family) if read_preset(family, name).get(MESH) == kind]


def require_kind(plan: Plan) -> None:
    """Check that the shower files have the kind of mesh that the plan is made for.

    Sizes and conditions are checked later: they may be right by chance where the cells mean
    something else.

    Raises:
        UsageError: a file has another; tells which presets would fit.
        InputFileError: a file cannot be opened.
    """
    wanted = plan.config.get(MESH)
    for path in plan.data if wanted else ():
        with open_showers(path) as source:
            kind, cells = str(source.mesh.to_json()["kind"]), n_cells(source.mesh)
        if kind != wanted:
            _refuse(plan, path, f"{cells} {MESHES[kind]}", kind)


def _refuse(plan: Plan, path: Path, found: str, kind: str) -> None:
    message = (
        f"has showers of {found}; the preset '{plan.preset}' is made for "
        f"{MESHES[plan.config[MESH]]}"
    )
    own = presets_for(kind, plan.family)
    others = [name for name in families if presets_for(kind, name)]
    fitting = f"--preset {' or '.join(own)}" if own else f"the family {' or '.join(others)}"
    insist = f'{MESH} = "{kind}" in --config trains this preset all the same'
    hint = f"train on other files, or take {fitting}; {insist}"
    raise UsageError(message, where=path.name, hint=hint)
