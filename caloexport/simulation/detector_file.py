"""Detector files: TOML with a stack of slabs and the meshes it is scored in.

title = "..."                                  one line
card = "..."                                   what it is and how it differs from the real thing
source = "..."                                 where the numbers are from
aim = "centre"                                 entry of the registry of aims
inner_radius = "800mm"                         layers are cylinders; without it, planes
[[stack]]                                      in beam order, from the front face on
repeat = 90
slabs = [{ material = "G4_W", thickness = "1.4mm", active = false, layer = 2 }]
[[upstream]]                                   the same, in front of the front face
[mixtures.NAME]                                own materials
density_g_cm3 = 9.2
fractions = { G4_Pb = 0.9, G4_Fe = 0.1 }       by mass
[meshes.NAME]                                  the first is the default
kind = "cylinder"                              entry of the registry of scorings
deposits = "all"                               or "active"
factor = 1.0                                   on deposited energies
threshold = "0.5keV"
cells = [18, 50, 45]                           parameters of the kind; lengths take units
r_cell = "2.325mm"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, UnknownName, UsageError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import existing_file
from caloexport.runtime.units import parse_quantity
from caloexport.simulation.detector import Detector, ScoringPlan, Slab

MAX_BYTES = 2**20
HEAVIEST_G_CM3 = 30.0
#: published compositions are rounded
FRACTION_SLACK = 1e-3
FIELDS = (
    "title", "card", "source", "aim", "inner_radius", "stack", "upstream", "mixtures", "meshes",
)  # fmt: skip
SCORING_FIELDS = ("kind", "deposits", "factor", "threshold", "format")


def detector_names() -> list[str]:
    """List the detectors that travel with the package."""
    folder = files("caloexport.simulation") / "detectors"
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_detector(name_or_path: str) -> Detector:
    """Read a detector by the name of a shipped one, or from a TOML file.

    Raises:
        UnknownName: neither a shipped detector nor a file.
        InputFileError: the file is not a detector file, or makes no sense.

    >>> load_detector("siw").depth_mm.__round__(6)
    153.0
    """
    if name_or_path in detector_names():
        path = Path(str(files("caloexport.simulation") / "detectors" / f"{name_or_path}.toml"))
    elif name_or_path.endswith(".toml"):
        path = existing_file(Path(name_or_path), "detector file (TOML)")
    else:
        raise UnknownName("detector", name_or_path, [*detector_names(), "FILE.toml"])
    if path.stat().st_size > MAX_BYTES:
        message = f"is {path.stat().st_size} bytes, expected at most {MAX_BYTES}"
        raise InputFileError(message, where=str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"is not TOML: {error!s:.200}"
        raise InputFileError(message, where=str(path)) from error
    with blame_file(str(path), hint="see docs/simulation.md for the grammar"):
        return detector_from_data(path.stem, data)


def detector_from_data(name: str, data: Mapping[str, Any]) -> Detector:
    """Make a detector of the content of its file.

    Raises:
        UsageError: a field is unknown, missing or makes no sense.
    """
    _refuse_unknown("field", data, FIELDS)
    if not data.get("stack") or not data.get("meshes"):
        message = "a detector needs at least one [[stack]] and one [meshes.NAME]"
        raise UsageError(message, where=name)
    radius = data.get("inner_radius")
    return Detector(
        name,
        str(data.get("title", name)),
        " ".join(str(data.get("card", "")).split()),
        _slabs(data["stack"], name),
        _slabs(data.get("upstream", ()), name),
        {key: scoring_from_data(key, given) for key, given in data["meshes"].items()},
        str(data.get("aim", "centre")),
        None if radius is None else parse_quantity(str(radius), "length"),
        {key: _mixture(key, given) for key, given in data.get("mixtures", {}).items()},
        data,
    )


def _slabs(stacks: Sequence[Mapping[str, Any]], name: str) -> tuple[Slab, ...]:
    slabs: list[Slab] = []
    for stack in stacks:
        _refuse_unknown("field of a stack", stack, ("repeat", "slabs"))
        repeat = stack.get("repeat", 1)
        if not isinstance(repeat, int) or not 1 <= repeat <= 4096:
            message = f"a stack is repeated {repeat!r:.40} times, expected 1 to 4096"
            raise UsageError(message, where=name)
        slabs += [_slab(given, name) for given in stack["slabs"]] * repeat
    return tuple(slabs)


def _slab(given: Mapping[str, Any], name: str) -> Slab:
    _refuse_unknown("field of a slab", given, ("material", "thickness", "active", "layer"))
    if "material" not in given or "thickness" not in given:
        message = f"a slab needs material and thickness, found {dict(given)!r:.80}"
        raise UsageError(message, where=name)
    return Slab(
        str(given["material"]),
        parse_quantity(str(given["thickness"]), "length"),
        bool(given.get("active", False)),
        int(given.get("layer", -1)),
    )


def _mixture(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    _refuse_unknown("field of a mixture", given, ("density_g_cm3", "fractions"))
    density = given.get("density_g_cm3")
    if not isinstance(density, int | float) or not 0 < density < HEAVIEST_G_CM3:
        message = f"mixture '{name}' has the density {density!r:.40}, expected g/cm³ above zero"
        raise UsageError(message)
    fractions = given.get("fractions")
    if not isinstance(fractions, Mapping) or not all(
        isinstance(part, int | float) and 0 < part <= 1 for part in fractions.values()
    ):
        message = f"mixture '{name}' needs fractions by mass, for example {{ G4_W = 0.9, ... }}"
        raise UsageError(message)
    if abs(sum(fractions.values()) - 1) > FRACTION_SLACK:
        message = f"the mass fractions of mixture '{name}' add up to {sum(fractions.values()):g}"
        raise UsageError(message, hint="they must add up to 1")
    return {"density_g_cm3": float(density), "fractions": dict(fractions)}


def scoring_from_data(name: str, given: Mapping[str, Any]) -> ScoringPlan:
    """Make the plan of a mesh from its section; lengths (text with a unit) become mm.

    Raises:
        UsageError: unknown kind, or a value that makes no sense.
    """
    from caloexport.simulation.scorings import scorings

    kind = scorings[str(given.get("kind", "cylinder"))]
    parameters = {}
    for key, value in given.items():
        if key in SCORING_FIELDS:
            continue
        length = isinstance(value, str) and f"{key}_mm" in kind.parameters
        name_in_kind = f"{key}_mm" if length else key
        _refuse_unknown(f"field of mesh '{name}'", (name_in_kind,), kind.parameters)
        parameters[name_in_kind] = parse_quantity(value, "length") if length else value
    deposits = str(given.get("deposits", "all"))
    if deposits not in ("all", "active"):
        message = f"mesh '{name}' counts the deposits '{deposits}', expected all or active"
        raise UsageError(message)
    return ScoringPlan(
        name,
        str(given.get("kind", "cylinder")),
        deposits,
        float(given.get("factor", 1.0)),
        parse_quantity(str(given.get("threshold", "0.5keV")), "energy"),
        parameters,
        str(given.get("format", "")),
    )


def _refuse_unknown(noun: str, given: Any, known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise UnknownName(noun, str(key), known)
