"""Read which checks are run, with which thresholds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from caloexport.runtime.errors import UnknownName
from caloexport.validation.checks import checks


@dataclass(frozen=True)
class Demand:
    """What is demanded of one check: largest difference, and whether the verdict needs it."""

    threshold: float
    required: bool


def profile_names() -> list[str]:
    """List the profiles that travel with the package."""
    folder = files("caloexport.validation") / "profiles"
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_profile(name: str = "default") -> Mapping[str, Demand]:
    """Return the demands of a profile by the code of the check.

    Raises:
        UnknownName: no such profile, or a code that no check has.

    >>> load_profile()["EN001"].threshold
    0.02
    """
    if name not in profile_names():
        raise UnknownName("profile", name, profile_names())
    path = files("caloexport.validation") / "profiles" / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for code in data:
        if code not in checks:
            raise UnknownName("check", code, checks.names())
    return {
        code: Demand(float(given["threshold"]), bool(given["required"]))
        for code, given in data.items()
    }
